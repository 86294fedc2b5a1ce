import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './consular.agency';

void runService(agencyService(agency));
