/** What requests about cases may say. */
import { ApiPropertyOptional } from '@nestjs/swagger';
import { CASE_STATUSES, CLOSE_REASONS, NEED_CODES, type CloseReason } from '@retorno/contracts';
import { PageQuery } from '@retorno/service';
import { IsIn, IsNotEmpty, IsObject, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

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
}

/** Every command says why; `by` is who. Both stay in the coordinator. */
export class ReasonBody {
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  reason!: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(100)
  by?: string;
}

export class CloseBody extends ReasonBody {
  @IsIn(CLOSE_REASONS, { message: `reason must be one of ${CLOSE_REASONS.join(', ')}` })
  declare reason: CloseReason;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  note?: string;
}

export class AddNeedBody extends ReasonBody {
  @IsIn(NEED_CODES)
  code!: string;
}

export class RerouteBody extends ReasonBody {
  @ApiPropertyOptional({ description: 'Default: the next provider that was not tried' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{0,62}$/, { message: 'agency must be the slug of an agency' })
  agency?: string;
}

export class ConfirmationBody {
  @IsIn(['confirmed', 'disputed'])
  outcome!: 'confirmed' | 'disputed';

  /** Who said so: the returnee, or whoever asked the returnee. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  by!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(50)
  channel!: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  reason?: string;
}

export class InformationBody {
  @IsString()
  @IsNotEmpty()
  @MaxLength(2000)
  information!: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(100)
  by?: string;
}

export class CorrectionBody extends ReasonBody {
  /** The right answer, as the agency would have given it. */
  @IsObject()
  answer!: Record<string, unknown>;
}
