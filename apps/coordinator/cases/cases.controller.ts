import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AnswerBody, schemaErrors } from '@retorno/contracts';
import { Allow, type Caller, invalidFields, Who } from '@retorno/service';
import { v7 as uuidv7 } from 'uuid';
import {
  AddNeedBody,
  CaseListQuery,
  CloseBody,
  ComplaintBody,
  ConfirmationBody,
  CorrectionBody,
  InformationBody,
  ReasonBody,
  RerouteBody,
  SettleNeedBody,
  SinceQuery,
} from './case-bodies';
import { CaseQueries } from './case-queries';
import { Casework } from '../casework/casework';
import type { CaseCommand } from '../saga/inputs';
import { MASKED } from '../masking/sight';

const answerErrors = schemaErrors(AnswerBody);

@ApiTags('cases')
@Controller('cases')
export class CasesController {
  constructor(
    private readonly queries: CaseQueries,
    private readonly casework: Casework,
  ) {}

  @Get()
  @Allow('operations', 'auditor')
  @ApiOperation({
    summary: 'Cases, newest first; by number, highest first, when the beginning of one is sought',
  })
  list(@Query() query: CaseListQuery, @Who() caller: Caller): Promise<object> {
    const { overdue, ...filter } = query;
    return this.queries.list({ ...filter, overdue: overdue === 'true' }, caller);
  }

  @Get('summary')
  @Allow('operations', 'auditor', 'statistics')
  @ApiOperation({ summary: 'How many cases stand where, and what the others wait for' })
  summary(@Query() { since }: SinceQuery): Promise<object> {
    return this.queries.summary(since);
  }

  @Get(':id')
  @Allow('operations', 'auditor', 'portal')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'One case by id or number: needs, plan, referrals, escalations, timeline',
    description: `${MASKED} \`unmaskedUntil\` says until when it is shown to who asks; null while it is not.`,
  })
  get(@Param('id') id: string, @Who() caller: Caller): Promise<object> {
    return this.queries.get(id, caller);
  }

  @Post(':id/close')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close before the needs are settled; open referrals are recalled' })
  close(@Param('id') id: string, @Body() body: CloseBody, @Who() caller: Caller): Promise<object> {
    return this.command(
      id,
      caller,
      { type: 'close', reason: body.reason },
      { by: caller.name, note: body.note },
    );
  }

  @Post(':id/reopen')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({ summary: 'Open a completed or closed case again; unmet needs are planned again' })
  reopen(@Param('id') id: string, @Body() body: ReasonBody, @Who() caller: Caller): Promise<object> {
    return this.command(id, caller, { type: 'reopen' }, asked(body, caller));
  }

  @Post(':id/needs')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({ summary: 'Add a need' })
  addNeed(@Param('id') id: string, @Body() body: AddNeedBody, @Who() caller: Caller): Promise<object> {
    return this.command(id, caller, { type: 'add-need', code: body.code }, asked(body, caller));
  }

  @Post(':id/needs/:code/settle')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Settle a need by decision; reason may be one of the codes of settled or unmet needs, and note says why',
    description: 'The need is named by its id in the case, or by its code where that is shown.',
  })
  async settleNeed(
    @Param('id') id: string,
    @Param('code') named: string,
    @Body() body: SettleNeedBody,
    @Who() caller: Caller,
  ): Promise<object> {
    const note = body.note ?? body.reason;
    const code = await this.queries.needOf(id, named, caller);
    return this.command(
      id,
      caller,
      { type: 'settle-need', code, reason: body.reason },
      { by: caller.name, note },
    );
  }

  @Post(':id/complaints')
  @Allow('operations', 'portal')
  @HttpCode(200)
  @ApiOperation({ summary: 'What the returnee says of how they were treated; no agency is told' })
  complain(@Param('id') id: string, @Body() body: ComplaintBody, @Who() caller: Caller): Promise<object> {
    const { text, aboutReferral, by, channel } = body;
    const about = aboutReferral === undefined ? {} : { referralId: aboutReferral };
    const complaint = { type: 'complain' as const, id: body.id ?? uuidv7(), channel, ...about };
    return this.command(id, caller, complaint, { by, note: text });
  }

  @Post(':id/referrals/:rid/waive')
  @Allow('operations-lead')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send a referral without waiting for its prerequisites' })
  waive(
    @Param('id') id: string,
    @Param('rid') referralId: string,
    @Body() body: ReasonBody,
    @Who() caller: Caller,
  ): Promise<object> {
    return this.command(id, caller, { type: 'waive', referralId }, asked(body, caller));
  }

  @Post(':id/referrals/:rid/reroute')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send to the next provider, or to the one named' })
  reroute(
    @Param('id') id: string,
    @Param('rid') referralId: string,
    @Body() body: RerouteBody,
    @Who() caller: Caller,
  ): Promise<object> {
    const agency = body.agency === undefined ? {} : { agency: body.agency };
    return this.command(id, caller, { type: 'reroute', referralId, ...agency }, asked(body, caller));
  }

  @Post(':id/referrals/:rid/cancel')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ask the agency to stop' })
  cancel(
    @Param('id') id: string,
    @Param('rid') referralId: string,
    @Body() body: ReasonBody,
    @Who() caller: Caller,
  ): Promise<object> {
    return this.command(id, caller, { type: 'cancel', referralId }, asked(body, caller));
  }

  @Post(':id/referrals/:rid/remind')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({ summary: 'Remind the agency now' })
  remind(
    @Param('id') id: string,
    @Param('rid') referralId: string,
    @Body() body: ReasonBody,
    @Who() caller: Caller,
  ): Promise<object> {
    return this.command(id, caller, { type: 'remind', referralId }, asked(body, caller));
  }

  @Post(':id/referrals/:rid/confirmation')
  @Allow('operations', 'portal')
  @HttpCode(200)
  @ApiOperation({ summary: 'What the returnee says of a delivery' })
  confirm(
    @Param('id') id: string,
    @Param('rid') referralId: string,
    @Body() body: ConfirmationBody,
    @Who() caller: Caller,
  ): Promise<object> {
    const { outcome, channel } = body;
    return this.command(
      id,
      caller,
      { type: 'confirmation', referralId, outcome, channel },
      { by: body.by, note: body.reason },
    );
  }

  @Post(':id/referrals/:rid/information')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({ summary: 'Answer an agency that asked for information' })
  supply(
    @Param('id') id: string,
    @Param('rid') referralId: string,
    @Body() body: InformationBody,
    @Who() caller: Caller,
  ): Promise<object> {
    const { information } = body;
    const who = { by: caller.name, note: undefined };
    return this.command(id, caller, { type: 'supply-information', referralId, information }, who);
  }

  @Post(':id/referrals/:rid/correction')
  @Allow('operations-lead')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Correct a final answer that was wrong; the wrong one stays in the timeline, and its agency is told the reason',
  })
  correct(
    @Param('id') id: string,
    @Param('rid') referralId: string,
    @Body() body: CorrectionBody,
    @Who() caller: Caller,
  ): Promise<object> {
    const errors = answerErrors(body.answer);
    if (errors.length > 0) {
      throw invalidFields(
        errors.map((e) => ({ pointer: `/answer${e.instancePath}`, detail: e.message ?? 'is wrong' })),
      );
    }
    const answer = body.answer as AnswerBody;
    return this.command(id, caller, { type: 'correct-answer', referralId, answer }, asked(body, caller));
  }

  private async command(
    idOrNumber: string,
    caller: Caller,
    command: CommandWithoutAsker,
    who: { by: string | undefined; note: string | undefined },
  ): Promise<object> {
    const id = await this.queries.idOf(idOrNumber);
    const { by, note } = who;
    await this.casework.command(id, {
      ...command,
      ...(by === undefined ? {} : { by }),
      ...(note === undefined ? {} : { note }),
    });
    return this.queries.get(id, caller);
  }
}

type CommandWithoutAsker = CaseCommand extends infer C
  ? C extends CaseCommand
    ? Omit<C, 'by' | 'note'>
    : never
  : never;

function asked(body: ReasonBody, caller: Caller): { by: string; note: string } {
  return { by: caller.name, note: body.reason };
}
