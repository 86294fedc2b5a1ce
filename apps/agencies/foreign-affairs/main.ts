import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './foreign-affairs.agency';

void runService(agencyService(agency));
