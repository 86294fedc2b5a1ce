import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './migration.agency';

void runService(agencyService(agency));
