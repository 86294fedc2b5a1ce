import { Body, Controller, Get, HttpCode, Inject, Param, ParseIntPipe, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CLOCK, Who, type Caller } from '@retorno/service';
import type { Clock } from '@retorno/messaging';
import { FollowUpBody } from '../cases/case-bodies';
import { CaseQueries } from '../cases/case-queries';
import { Casework } from '../casework/casework';
import { isFollowed, referralsFor, wavesOf } from '../saga/follow-up';
import { Sights } from '../masking/sights';
import { CURRENT_QUESTIONNAIRE, DIMENSIONS, NEEDS_OF } from '../saga/questionnaire';
import { RULES } from '../saga/plan/rules';
import type { CaseDocument } from '../casework/stores';

@ApiTags('cases')
@Controller('cases')
export class FollowUpsController {
  constructor(
    private readonly queries: CaseQueries,
    private readonly casework: Casework,
    private readonly sights: Sights,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':id/follow-ups')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'How the returnee fares 1, 3 and 6 months after the arrival, and what to ask' })
  async get(@Param('id') idOrNumber: string, @Who() caller: Caller): Promise<object> {
    const { id, body } = await this.queries.find(idOrNumber);
    const { state } = JSON.parse(body) as CaseDocument;
    const now = this.clock.now();
    const items = wavesOf(state, RULES).map(({ month, from, until, closes, recorded }) => ({
      month,
      from: from.toISOString(),
      until: until.toISOString(),
      status: recorded?.outcome ?? statusAt(now, from, until, closes),
      recordedAt: recorded?.at ?? null,
      version: recorded?.version ?? null,
      scores: recorded?.scores ?? null,
    }));
    // What of each dimension was asked for, and who served it.
    const { hidden } = await this.sights.of(caller, state);
    const plan = DIMENSIONS.map((dimension) => {
      // What is hidden is left out: its dimension would tell it from others.
      const ofThis = state.needs.filter((need) => NEEDS_OF[dimension].includes(need.code));
      const needs = ofThis.filter((need) => !hidden.has(need.code));
      const codes = needs.map((need) => need.code);
      return {
        dimension,
        needs: needs.map(({ code, status, reason }) => ({ code, status, reason: reason ?? null })),
        referrals: referralsFor(state, codes).map((r) => ({
          id: r.id,
          agency: r.agency,
          service: r.service,
          status: r.status,
        })),
      };
    });
    return {
      caseId: id,
      caseNumber: state.number,
      followed: isFollowed(state, RULES, now),
      items,
      next: null,
      plan,
      questionnaire: CURRENT_QUESTIONNAIRE,
    };
  }

  @Post(':id/follow-ups/:month')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({ summary: 'Record what the returnee said, or that nobody could be asked' })
  async record(
    @Param('id') idOrNumber: string,
    @Param('month', ParseIntPipe) month: number,
    @Body() body: FollowUpBody,
    @Who() caller: Caller,
  ): Promise<object> {
    const { id } = await this.queries.find(idOrNumber);
    const { answers, note, ...said } = body;
    await this.casework.command(id, {
      type: 'record-follow-up',
      month,
      ...said,
      ...(answers === undefined ? {} : { answers }),
      ...(note === undefined ? {} : { note }),
    });
    return this.get(id, caller);
  }
}

function statusAt(now: Date, from: Date, until: Date, closes: Date | undefined): string {
  if (now < from) return 'not-due';
  if (now < until) return 'open';
  return closes && now >= closes ? 'missed' : 'overdue';
}
