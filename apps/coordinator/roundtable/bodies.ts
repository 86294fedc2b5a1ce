/** What requests about an agency may say. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Text } from '@retorno/service';
import { IsEmail, IsISO8601, IsOptional, Matches, MaxLength } from 'class-validator';
import { ReasonBody } from '../cases/case-bodies';

/** An instant says its offset: who leaves it out means their own clock. */
const WITH_OFFSET = /T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

export class MaintenanceBody {
  @ApiProperty({ format: 'date-time' })
  @IsISO8601({ strict: true }, { message: 'from must be a time with its offset: 2026-11-24T20:00:00-05:00' })
  @Matches(WITH_OFFSET, { message: 'from must say its offset: 2026-11-24T20:00:00-05:00' })
  from!: string;

  @ApiProperty({ format: 'date-time' })
  @IsISO8601({ strict: true }, { message: 'until must be a time with its offset: 2026-11-25T06:00:00-05:00' })
  @Matches(WITH_OFFSET, { message: 'until must say its offset: 2026-11-25T06:00:00-05:00' })
  until!: string;

  /** What is done, for people; no personal data. */
  @Text(300)
  note!: string;
}

export class ContactBody extends ReasonBody {
  @ApiPropertyOptional({ format: 'email' })
  @IsOptional()
  @IsEmail({}, { message: 'email must be an address' })
  @MaxLength(200)
  email?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @Matches(/^\+?[\d ()-]{4,40}$/, {
    message: 'phone must be a telephone number: digits, spaces, ( ) - and +',
  })
  phone?: string;
}
