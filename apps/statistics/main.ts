import { runService } from '@retorno/service';
import { statisticsService } from './service';

void runService(statisticsService);
