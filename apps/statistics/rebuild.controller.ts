import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CASES_TOPIC } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import { Allow } from '@retorno/service';
import { PROJECTION } from './stores';

@ApiTags('statistics')
@Controller('statistics')
export class RebuildController {
  constructor(private readonly messaging: Messaging) {}

  @Post('rebuild')
  @Allow('operations-lead')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Operations: empty all figures and make them anew from the first event of every case',
    description: 'Figures are incomplete until retorno_replays of the coordinator is 0 again.',
  })
  async rebuild(): Promise<object> {
    await this.messaging.readAnew(CASES_TOPIC, async (tx) => {
      await tx.query(`truncate ${PROJECTION.join(', ')}`);
    });
    return { status: 'asked' };
  }
}
