/** What requests about cases may say. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CASE_STATUSES, CLOSE_REASONS, NEED_CODES, type CloseReason } from '@retorno/contracts';
import { OptionalText, PageQuery, Text } from '@retorno/service';
import {
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
} from 'class-validator';
import { OptionalDay } from '../casework/days';

export class CaseListQuery extends PageQuery {
  @ApiPropertyOptional({ enum: CASE_STATUSES })
  @IsOptional()
  @IsIn(CASE_STATUSES)
  status?: string;

  @ApiPropertyOptional({ description: 'Slug of an agency that owes an answer' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{0,62}$/, { message: 'agency must be the slug of an agency' })
  agency?: string;

  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @IsOptional()
  @IsIn(['true', 'false'])
  overdue?: 'true' | 'false';

  @ApiPropertyOptional({ description: 'The beginning of a case number, or a case id' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  q?: string;

  @OptionalDay('Completed or closed')
  endedSince?: string;

  @ApiPropertyOptional({ description: 'Ids of cases, separated by commas: these and no others; at most 50' })
  @IsOptional()
  @Matches(/^[\da-f-]{36}(,[\da-f-]{36}){0,49}$/, {
    message: 'ids must be 1 to 50 ids of cases, separated by commas',
  })
  ids?: string;
}

/** The day from which something is counted. */
export class SinceQuery {
  @OptionalDay('What was completed or resolved')
  since?: string;
}

const FOLLOW_UP_OUTCOMES = ['answered', 'unreachable', 'declined'] as const;

/** Every command says why. Who it is says the login. Both stay in the coordinator. */
export class ReasonBody {
  @Text(500)
  reason!: string;
}

export class CloseBody extends ReasonBody {
  @ApiProperty({ enum: CLOSE_REASONS })
  @IsIn(CLOSE_REASONS, { message: `reason must be one of ${CLOSE_REASONS.join(', ')}` })
  declare reason: CloseReason;

  @OptionalText(500)
  note?: string;
}

export class AddNeedBody extends ReasonBody {
  @ApiProperty({ enum: NEED_CODES })
  @IsIn(NEED_CODES)
  code!: string;
}

export class SettleNeedBody extends ReasonBody {
  /** Why, in words, where `reason` is a code. */
  @OptionalText(500)
  note?: string;
}

export class RerouteBody extends ReasonBody {
  @ApiPropertyOptional({ description: 'Default: the next provider that was not tried' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{0,62}$/, { message: 'agency must be the slug of an agency' })
  agency?: string;
}

export class ConfirmationBody {
  @ApiProperty({ enum: ['confirmed', 'disputed'] })
  @IsIn(['confirmed', 'disputed'])
  outcome!: 'confirmed' | 'disputed';

  /** Who said so: the returnee, or whoever asked the returnee. */
  @Text(100)
  by!: string;

  @Text(50)
  channel!: string;

  @OptionalText(500)
  reason?: string;
}

export class ComplaintBody {
  /** In the returnee's own words. */
  @Text(2000)
  text!: string;

  @ApiPropertyOptional({ description: 'Id of the referral that it is about' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  aboutReferral?: string;

  @Text(100)
  by!: string;

  @Text(50)
  channel!: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'The same id again is the same complaint' })
  @IsOptional()
  @IsUUID(undefined, { message: 'id must be a UUID' })
  id?: string;
}

export class InformationBody {
  @Text(2000)
  information!: string;
}

export class FollowUpBody {
  /** The questionnaire's version. */
  @ApiProperty({ minimum: 1 })
  @IsInt()
  @Min(1)
  version!: number;

  @ApiPropertyOptional({ enum: FOLLOW_UP_OUTCOMES, default: 'answered' })
  @IsOptional()
  @IsIn(FOLLOW_UP_OUTCOMES)
  outcome: (typeof FOLLOW_UP_OUTCOMES)[number] = 'answered';

  @ApiPropertyOptional({
    type: Object,
    description: 'Choices by question, as GET gives them; with outcome answered',
  })
  @IsOptional()
  @IsObject()
  answers?: Record<string, string>;

  /** Who asked the returnee, or the returnee. */
  @Text(100)
  by!: string;

  @Text(50)
  channel!: string;

  @OptionalText(500)
  note?: string;
}

export class CorrectionBody extends ReasonBody {
  /** The right answer, as the agency would have given it. */
  @ApiProperty({ type: Object, description: 'As for POST /agencies/{slug}/referrals/{rid}/answers' })
  @IsObject()
  answer!: Record<string, unknown>;
}
