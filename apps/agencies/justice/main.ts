import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './justice.agency';

void runService(agencyService(agency));
