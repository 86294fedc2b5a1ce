import { runService } from '@retorno/service';
import { intakeService } from './service';

void runService(intakeService);
