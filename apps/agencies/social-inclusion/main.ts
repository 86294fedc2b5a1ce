import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { agency } from './social-inclusion.agency';

void runService(agencyService(agency));
