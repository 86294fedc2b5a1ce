import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './police.agency';

void runService(agencyService(agency));
