import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './civil-society.agency';

void runService(agencyService(agency));
