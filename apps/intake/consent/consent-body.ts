import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CONSENT_GIVERS, PURPOSES, type Consent, type ConsentGiver, type Purpose } from '@retorno/contracts';
import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn, IsOptional, IsString } from 'class-validator';
import { parseInstant } from '../fields/dates';
import { IsInstant } from '../fields/is-instant';

/** What a returnee may say after the manifest. */
const LATER_CONSENTS = ['granted', 'refused', 'withdrawn'] as const;
const FORMAT = 'RFC 3339 with offset, like 2026-11-20T08:44:00-05:00';

export class ConsentBody {
  @ApiProperty({ enum: LATER_CONSENTS })
  @IsIn(LATER_CONSENTS, { message: `status must be one of ${LATER_CONSENTS.join(', ')}` })
  status!: (typeof LATER_CONSENTS)[number];

  @ApiProperty({
    format: 'date-time',
    description: 'When it was said, RFC 3339 with offset; the latest wins',
  })
  @IsString({ message: 'at must be text' })
  @IsInstant({ message: `at must be ${FORMAT}` })
  at!: string;

  @ApiPropertyOptional({
    enum: CONSENT_GIVERS,
    description: 'Who said it; default self. For a child under 14 its guardian, or the protection authority',
  })
  @IsOptional()
  @IsIn(CONSENT_GIVERS, { message: `by must be one of ${CONSENT_GIVERS.join(', ')}` })
  by?: ConsentGiver;

  @ApiPropertyOptional({
    enum: PURPOSES,
    isArray: true,
    description: 'What it is granted for; left out: everything',
  })
  @IsOptional()
  @IsArray({ message: 'purposes must be a list' })
  @ArrayNotEmpty({ message: 'purposes must name one purpose or more; leave it out for all of them' })
  @ArrayUnique({ message: 'purposes must name each purpose once' })
  @IsIn(PURPOSES, { each: true, message: `each of purposes must be one of ${PURPOSES.join(', ')}` })
  purposes?: Purpose[];

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When it expires, RFC 3339 with offset; left out: never',
  })
  @IsOptional()
  @IsString({ message: 'until must be text' })
  @IsInstant({ message: `until must be ${FORMAT}` })
  until?: string;
}

/** The consent that a valid body says. */
export function consentOf({ status, at, by, purposes, until }: ConsentBody): Consent {
  return {
    status,
    at: parseInstant(at)!,
    ...(by && { by }),
    ...(purposes && { purposes }),
    ...(until && { until: parseInstant(until)! }),
  };
}
