import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './education.agency';

void runService(agencyService(agency));
