import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './insurance.agency';

void runService(agencyService(agency));
