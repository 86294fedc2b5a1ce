import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './production.agency';

void runService(agencyService(agency));
