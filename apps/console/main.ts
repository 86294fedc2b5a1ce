import { runService } from '@retorno/service';
import { consoleService } from './service';

void runService(consoleService);
