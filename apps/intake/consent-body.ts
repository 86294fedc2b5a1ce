import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString } from 'class-validator';
import { IsInstant } from './is-instant';

/** What a returnee may say after the manifest. */
const LATER_CONSENTS = ['granted', 'refused', 'withdrawn'] as const;

export class ConsentBody {
  @ApiProperty({ enum: LATER_CONSENTS })
  @IsIn(LATER_CONSENTS, { message: `status must be one of ${LATER_CONSENTS.join(', ')}` })
  status!: (typeof LATER_CONSENTS)[number];

  @ApiProperty({
    format: 'date-time',
    description: 'When the returnee said so, RFC 3339 with offset; the latest wins',
  })
  @IsString({ message: 'at must be text' })
  @IsInstant({ message: 'at must be RFC 3339 with offset, like 2026-11-20T08:44:00-05:00' })
  at!: string;
}
