import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Messaging } from '@retorno/messaging';
import { Allow, invalidFields, page, problem, Who, type Caller, type Page } from '@retorno/service';
import { ReasonBody } from '../cases/case-bodies';
import { LiveFeed } from '../casework/live';
import { AgencyQueries, type WatchedAgencyView } from './agency-queries';
import { ContactBody, MaintenanceBody } from './bodies';
import { decideStanding, evolveStanding, StandingRefusal, type AgencyCommand } from '../saga/standing';
import { standingStore } from './standing-store';
import { StandingShelf } from './standings';

/** What the roundtable decides about an agency. `/agencies/{slug}/…` is answered by the agency's own service. */
@ApiTags('agencies')
@Controller('roundtable')
export class RoundtableController {
  constructor(
    private readonly queries: AgencyQueries,
    private readonly shelf: StandingShelf,
    private readonly messaging: Messaging,
    private readonly live: LiveFeed,
  ) {}

  @Get()
  @Allow('operations', 'auditor')
  @ApiOperation({
    summary: 'Who offers what, as `GET /agencies`, how many cases wait for each, and how each keeps up',
    description:
      'In seconds over the last 7 days: `receive` (its service has the referral), `accept` (accepted, rejected, or asked ' +
      'about), `deliver` (completed).',
  })
  async list(
    @Query('cursor') cursor?: string,
    @Query('limit') rawLimit?: string,
  ): Promise<Page<WatchedAgencyView>> {
    const limit = page.limit(rawLimit);
    const rows = await this.queries.watched(String(page.decode(cursor)?.[0] ?? ''), limit + 1);
    return page.of(rows, limit, (last) => [last.slug]);
  }

  @Get(':slug')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'One agency: what it offers, how it keeps up, and what was decided about it' })
  get(@Param('slug') slug: string): Promise<object> {
    return this.queries.get(slug);
  }

  @Post(':slug/pause')
  @Allow('operations-lead')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Send an agency nothing new; what it has goes on',
    description:
      'What is ready goes to another provider of the same service, else it waits until the agency is resumed.',
  })
  pause(@Param('slug') slug: string, @Body() { reason }: ReasonBody, @Who() who: Caller): Promise<object> {
    return this.decide(slug, who, { type: 'pause', reason });
  }

  @Post(':slug/resume')
  @Allow('operations-lead')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send it again what it offers; what waited goes out, the oldest case first' })
  async resume(
    @Param('slug') slug: string,
    @Body() { reason }: ReasonBody,
    @Who() who: Caller,
  ): Promise<object> {
    const view = await this.decide(slug, who, { type: 'resume', reason });
    await this.shelf.refresh();
    return view;
  }

  @Put(':slug/maintenance')
  @Allow('operations')
  @ApiOperation({
    summary: 'Announce a maintenance, in the stead of one announced before',
    description: 'No deadline waits for it; reminders of deadlines within it go out at its end.',
  })
  async announce(
    @Param('slug') slug: string,
    @Body() { from, until, note }: MaintenanceBody,
    @Who() who: Caller,
  ): Promise<object> {
    const view = await this.decide(slug, who, { type: 'announce', from, until, note });
    await this.shelf.wakeLate(slug);
    return view;
  }

  @Post(':slug/maintenance/end')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({ summary: 'The maintenance is over, or will not be' })
  async endMaintenance(
    @Param('slug') slug: string,
    @Body() { reason }: ReasonBody,
    @Who() who: Caller,
  ): Promise<object> {
    const view = await this.decide(slug, who, { type: 'end-maintenance', reason });
    await this.shelf.wakeLate(slug);
    return view;
  }

  @Put(':slug/contact')
  @Allow('operations')
  @ApiOperation({ summary: 'How the agency is reached, until it publishes something else than it does now' })
  correctContact(
    @Param('slug') slug: string,
    @Body() { email, phone, reason }: ContactBody,
    @Who() who: Caller,
  ): Promise<object> {
    if (email === undefined && phone === undefined) {
      throw invalidFields([{ pointer: '/email', detail: 'email or phone is required' }]);
    }
    const contact = { ...(email === undefined ? {} : { email }), ...(phone === undefined ? {} : { phone }) };
    const published = this.queries.catalogueOf(slug).contact ?? {};
    return this.decide(slug, who, { type: 'correct-contact', contact, published, reason });
  }

  /** Decides, keeps the fact and the standing in one transaction, and lets the next decision about a case know. */
  private async decide(slug: string, { name: by }: Caller, command: AgencyCommand): Promise<object> {
    this.queries.catalogueOf(slug);
    try {
      await this.messaging.command([{ store: standingStore, key: slug }], async (unit) => {
        const before = unit.get(standingStore, slug);
        const fact = decideStanding(before, command, { now: unit.now, by });
        const standing = evolveStanding(slug, before, fact);
        unit.set(standingStore, slug, standing);
        const body = JSON.stringify(fact);
        await unit.tx.query('insert into agency_fact (agency, body) values ($1, $2)', [slug, body]);
        unit.afterCommit(() => {
          this.shelf.put(standing);
          this.live.emit({ type: `agency-${fact.type}`, agency: slug, at: fact.at });
        });
      });
    } catch (error) {
      if (error instanceof StandingRefusal) throw refused(error);
      throw error;
    }
    return this.queries.get(slug);
  }
}

function refused({ code, detail, field }: StandingRefusal): Error {
  if (field === undefined) return problem(409, code, detail);
  return problem(422, code, detail, { errors: [{ pointer: `/${field}`, detail }] });
}
