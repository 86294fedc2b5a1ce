/** The coordinator's own settings. */
import { IsOptional, Matches } from 'class-validator';
import { NotificationSettings } from './notifications/settings';

export class CoordinatorSettings extends NotificationSettings {
  /** 32 bytes, hex: the master key of the pairwise case references. Losing it cuts every open referral off. */
  @Matches(/^[0-9a-f]{64}$/i, { message: 'PAIRWISE_KEY must be 32 bytes written as 64 hexadecimal digits' })
  PAIRWISE_KEY: string = '';

  /** Days off beside the national holidays. */
  @IsOptional()
  @Matches(/^(\d{4}-\d{2}-\d{2}(,\d{4}-\d{2}-\d{2})*)?$/, {
    message: 'EXTRA_HOLIDAYS must be dates separated by commas: 2026-12-24,2026-12-31',
  })
  EXTRA_HOLIDAYS: string = '';
}
