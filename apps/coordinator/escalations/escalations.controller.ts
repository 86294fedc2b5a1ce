import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, type Caller, ProblemError, Text, Who } from '@retorno/service';
import { Casework } from '../casework/casework';
import {
  CLAIMED,
  ClaimBody,
  EscalationListQuery,
  EscalationQueries,
  GROUP,
  MINE,
  NOT_YOURS,
  ReleaseBody,
  type Behind,
} from './escalation-queries';

/** How many cases of a group one request goes through. */
const AT_ONCE = 500;
/** What others did to an escalation of a group meanwhile: no reason to stop. */
const SKIPPED = [CLAIMED, NOT_YOURS, 'escalation-resolved'];

class ResolveBody {
  /** How it was resolved, in the words of who resolved it. */
  @Text(500)
  reason!: string;
}

@ApiTags('escalations')
@Controller('escalations')
export class EscalationsController {
  constructor(
    private readonly queries: EscalationQueries,
    private readonly casework: Casework,
  ) {}

  @Get()
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'What a person must look at, soonest due first' })
  list(@Query() query: EscalationListQuery, @Who() { name }: Caller): Promise<object> {
    return this.queries.list(query, name);
  }

  @Post(':id/claim')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Take an escalation, or a whole group (`group:…`); again while `remaining` is not 0',
  })
  async claim(
    @Param('id') id: string,
    @Body() body: ClaimBody,
    @Who() { name: by }: Caller,
  ): Promise<object> {
    const found = await this.queries.behind(id);
    const { takeOver } = body;
    // Of a group what is still to be taken, so that the next request goes on where this one ended.
    const free = found.filter((e) => e.owner === null || (takeOver === true && e.owner !== by));
    const isGroup = id.startsWith(GROUP);
    const { done, skipped, remaining } = await each(isGroup, isGroup ? free : found, (escalation) =>
      this.casework.command(
        escalation.caseId,
        { type: 'claim-escalation', escalationId: escalation.id, by },
        (unit) => this.queries.own(unit, escalation, by, body),
      ),
    );
    const others = isGroup && !takeOver ? found.filter((e) => e.owner !== null && e.owner !== by).length : 0;
    return { id, claimed: done, skipped: skipped + others, remaining };
  }

  @Post(':id/release')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Hand over an escalation, or all that one has claimed (`mine`), with a note for whoever takes it next; again while `remaining` is not 0',
  })
  async release(
    @Param('id') id: string,
    @Body() { note }: ReleaseBody,
    @Who() { name: by }: Caller,
  ): Promise<object> {
    const found = await this.queries.behind(id, by);
    const { done, ...rest } = await each(id === MINE, found, (escalation) =>
      this.casework.command(
        escalation.caseId,
        { type: 'release-escalation', escalationId: escalation.id, by },
        (unit) => this.queries.disown(unit, escalation, by, note),
      ),
    );
    return { id, released: done, ...rest };
  }

  @Post(':id/resolve')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Resolve an escalation, or a whole group, saying how; again while `remaining` is not 0',
  })
  async resolve(
    @Param('id') id: string,
    @Body() body: ResolveBody,
    @Who() { name: by }: Caller,
  ): Promise<object> {
    const found = await this.queries.behind(id);
    const { done, ...rest } = await each(id.startsWith(GROUP), found, ({ id: escalationId, caseId }) =>
      this.casework.command(caseId, {
        type: 'resolve-escalation',
        escalationId,
        note: body.reason,
        by,
      }),
    );
    return { id, resolved: done, ...rest };
  }
}

/** Does it to each, AT_ONCE at most; of several those are skipped to which others did something meanwhile. */
export async function each(
  areSeveral: boolean,
  escalations: readonly Behind[],
  work: (escalation: Behind) => Promise<void>,
): Promise<{ done: number; skipped: number; remaining: number }> {
  const now = escalations.slice(0, AT_ONCE);
  let skipped = 0;
  for (const escalation of now) {
    try {
      await work(escalation);
    } catch (error) {
      if (!areSeveral || !isSkipped(error)) throw error;
      skipped++;
    }
  }
  return { done: now.length - skipped, skipped, remaining: escalations.length - now.length };
}

function isSkipped(error: unknown): boolean {
  return error instanceof ProblemError && SKIPPED.some((code) => error.body.type.endsWith(`:${code}`));
}
