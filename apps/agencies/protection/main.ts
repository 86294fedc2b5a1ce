import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './protection.agency';

void runService(agencyService(agency));
