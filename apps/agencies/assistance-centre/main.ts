import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './assistance-centre.agency';

void runService(agencyService(agency));
