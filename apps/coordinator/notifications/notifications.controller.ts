import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '@retorno/service';
import { Notifications, type NotificationView } from './notifications';

@ApiTags('escalations')
@Controller('escalations/notifications')
export class NotificationsController {
  constructor(private readonly notifications: Notifications) {}

  @Get()
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'How operations are told outside the screen of what is due and nobody’s' })
  view(): Promise<NotificationView> {
    return this.notifications.view();
  }
}
