import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './health.agency';

void runService(agencyService(agency));
