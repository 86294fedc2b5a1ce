import { runService } from '@retorno/service';
import { portalService } from './service';

void runService(portalService);
