import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './employment.agency';

void runService(agencyService(agency));
