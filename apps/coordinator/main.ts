import { runService } from '@retorno/service';
import { coordinatorService } from './service';

void runService(coordinatorService);
