import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './identity.agency';

void runService(agencyService(agency));
