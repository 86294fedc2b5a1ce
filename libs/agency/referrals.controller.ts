import { Body, Controller, Get, Headers, Param, Post, Query, type Type } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { ANSWER_STATUSES, AnswerBody, CorrectionBody, type AnswerStatus } from '@retorno/contracts';
import { AllowAgency, type Caller, PageQuery, problem, Who } from '@retorno/service';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { AgencyReferrals } from './agency-referrals';
import { readAnswer, readCorrection, type Read } from './answer-body';

/** Query of the worklist. */
class WorklistQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ANSWER_STATUSES })
  @IsOptional()
  @IsIn(ANSWER_STATUSES)
  status?: AnswerStatus;

  @ApiPropertyOptional({ description: 'Code of one of the services' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{0,62}$/, { message: 'service must be the code of a service' })
  service?: string;

  @ApiPropertyOptional({ enum: ['urgent', 'routine'] })
  @IsOptional()
  @IsIn(['urgent', 'routine'])
  priority?: 'urgent' | 'routine';

  @ApiPropertyOptional({ description: 'Code of the office that serves' })
  @IsOptional()
  @Matches(/^[\w-]{1,64}$/, { message: 'office must be the code of an office' })
  office?: string;

  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Whether the next deadline has passed' })
  @IsOptional()
  @IsIn(['true', 'false'])
  overdue?: 'true' | 'false';

  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Whether the agency still owes something' })
  @IsOptional()
  @IsIn(['true', 'false'])
  open?: 'true' | 'false';
}

const IDEMPOTENCY_KEY_LIMIT = 255;
/** Who works on referrals: people, and the agency's own system. */
const STAFF = ['agency-worker', 'integration'] as const;

/** The interface of one agency's staff, under its own path. */
export function referralsController(slug: string): Type {
  @ApiTags(`agency: ${slug}`)
  @Controller(`agencies/${slug}/referrals`)
  class ReferralsController {
    constructor(private readonly referrals: AgencyReferrals) {}

    @Get()
    @AllowAgency(slug, STAFF)
    @ApiOperation({ operationId: `${slug}.list`, summary: 'The worklist: urgent first, then oldest first' })
    list(@Query() query: WorklistQuery) {
      const { overdue, open, ...filter } = query;
      return this.referrals.list({
        ...filter,
        ...(overdue && { overdue: overdue === 'true' }),
        ...(open && { open: open === 'true' }),
      });
    }

    @Get('summary')
    @AllowAgency(slug, STAFF, ['operations', 'auditor'])
    @ApiOperation({
      operationId: `${slug}.summary`,
      summary: 'How many referrals stand where, how many are late, and why others were rejected',
    })
    summary() {
      return this.referrals.summary();
    }

    @Get(':rid')
    @AllowAgency(slug, STAFF)
    @ApiOperation({ operationId: `${slug}.get`, summary: 'One referral, with what can be answered next' })
    get(@Param('rid') rid: string) {
      return this.referrals.get(rid);
    }

    @Post(':rid/answers')
    @AllowAgency(slug, STAFF)
    @ApiOperation({ operationId: `${slug}.answer`, summary: 'Answer a referral; 409 says what is possible' })
    @ApiHeader({ name: 'Idempotency-Key', required: false })
    @ApiBody({ schema: AnswerBody as object })
    answer(
      @Param('rid') rid: string,
      @Body() body: unknown,
      @Headers('idempotency-key') key: string | undefined,
      @Who() caller: Caller,
    ): Promise<unknown> {
      return this.referrals.answer(rid, saidBy(caller, valid(readAnswer(body))), checked(key));
    }

    @Post(':rid/corrections')
    @AllowAgency(slug, STAFF)
    @ApiOperation({
      operationId: `${slug}.correct`,
      summary: 'Take back a final answer that was wrong; the wrong one stays in the history',
    })
    @ApiHeader({ name: 'Idempotency-Key', required: false })
    @ApiBody({ schema: CorrectionBody as object })
    correct(
      @Param('rid') rid: string,
      @Body() body: unknown,
      @Headers('idempotency-key') key: string | undefined,
      @Who() caller: Caller,
    ): Promise<unknown> {
      return this.referrals.correct(rid, saidBy(caller, valid(readCorrection(body))), checked(key));
    }
  }
  return ReferralsController;
}

/** People say who they are by their login; an agency's system says on whose behalf it speaks. */
function saidBy<T extends { by?: string }>(caller: Caller, said: T): T {
  return caller.roles.has('integration') ? said : { ...said, by: caller.name };
}

function valid<T>(read: Read<T>): T {
  if ('answer' in read) return read.answer;
  const detail = read.errors.map((e) => `${e.pointer.slice(1) || 'body'}: ${e.detail}`).join('; ');
  throw problem(422, 'invalid-answer', detail, { errors: read.errors });
}

function checked(key: string | undefined): string | undefined {
  if (key === undefined || (key.length > 0 && key.length <= IDEMPOTENCY_KEY_LIMIT)) return key;
  const detail = `Idempotency-Key must have 1 to ${IDEMPOTENCY_KEY_LIMIT} characters.`;
  throw problem(422, 'bad-idempotency-key', detail);
}
