import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './disability.agency';

void runService(agencyService(agency));
