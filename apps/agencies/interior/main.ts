import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './interior.agency';

void runService(agencyService(agency));
