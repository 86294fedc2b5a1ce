import { Get, Param, Post, Query } from '@nestjs/common';
import { Allow, problem } from '@retorno/service';
import { refusalIn } from '../frame/refusals';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { isRefused, type Refused } from '../services';
import { MAX_NOTE } from './claim-part';
import { parkedPage } from './parked';
import { ParkedStreams } from './parked-streams';
import { addressOf, type Place } from './paths';
import { MAX_LENGTH, sequencePage, type RefusedSkip, type SequenceAnswer } from './sequence';
import { addressAfter, toldBy } from './told';

/** So many messages of a sequence are shown at once. */
const SHOWN = 100;
/** Streams a second, unless said otherwise. */
const PACE = 5;

/** Messages that could not be handled, and what is done about them. */
@ScreenAt('console/parked')
export class ParkedScreenController {
  constructor(private readonly streams: ParkedStreams) {}

  @Get()
  @Allow('operations', 'auditor')
  async list(@Visiting() visit: Visit, @Query() query: Record<string, unknown>): Promise<string> {
    const [standing, jobs] = await Promise.all([this.streams.standing(visit), this.streams.jobs(visit)]);
    return visit.page(parkedPage(visit, { ...standing, jobs }, toldBy(query)));
  }

  @Get(':service/:id')
  @Allow('operations', 'auditor')
  async sequence(
    @Visiting() visit: Visit,
    @Param() place: Place,
    @Query('cursor') cursor?: unknown,
  ): Promise<string> {
    const standing = await this.standingAt(visit, place, typeof cursor === 'string' ? cursor : '');
    return visit.page(sequencePage(visit, place, standing));
  }

  /** One stream, or a whole group. */
  @Post('redrive')
  @Allow('operations')
  async redrive(@Visiting() visit: Visit): Promise<string> {
    const form = (await visit.form()) ?? {};
    if (form['group']) return this.redriveGroup(visit, form['group'], form);
    const { service, id } = placeIn(form);
    const answer = await this.streams.redriveOne(visit, service, id);
    if (!isRefused(answer)) return visit.redirect(addressAfter({ did: 'redriven', ...answer }));
    return this.orGone(visit, answer);
  }

  @Post('claim')
  @Allow('operations')
  claim(@Visiting() visit: Visit): Promise<string> {
    return this.look(visit, true);
  }

  @Post('release')
  @Allow('operations')
  release(@Visiting() visit: Visit): Promise<string> {
    return this.look(visit, false);
  }

  @Post('skip')
  @Allow('operations-lead')
  async skip(@Visiting() visit: Visit): Promise<string> {
    const form = (await visit.form()) ?? {};
    const place = placeIn(form);
    const { reason = '' } = form;
    const again = async (status: number, detail: string): Promise<string> => {
      const refused: RefusedSkip = { detail, written: reason };
      const here = visit.at(addressOf(place));
      const standing = await this.standingAt(visit, place);
      return here.page(sequencePage(here, place, standing, {}, refused), status);
    };
    if (reason === '' || reason.length > MAX_LENGTH) return again(422, '');
    const answer = await this.streams.skip(visit, place.service, place.id, reason);
    if (!isRefused(answer)) return visit.redirect(addressAfter({ did: 'skipped' }));
    if (answer.status === 404) return visit.redirect(addressAfter({ did: 'gone' }));
    return again(answer.status, refusalIn(visit.language, answer));
  }

  /** Parked messages go one after the other in their service; what a gap misses is asked for here. */
  private async redriveGroup(
    visit: Visit,
    id: string,
    form: Readonly<Record<string, string>>,
  ): Promise<string> {
    const group = await this.streams.group(visit, id);
    if (!group) return visit.redirect(addressAfter({ did: 'gone' }));
    if (group.kind !== 'parked') {
      const answer = await this.streams.askAgain(visit, group);
      return visit.redirect(addressAfter({ did: 'redriven', ...answer }));
    }
    const count = form['count'] ? Number(form['count']) : undefined;
    const perSecond = form['perSecond'] ? Number(form['perSecond'].replace(',', '.')) : PACE;
    const isRight = count === undefined || (Number.isInteger(count) && count >= 1 && count <= 10_000);
    if (!isRight || !(perSecond >= 0.1 && perSecond <= 50)) {
      return visit.redirect(addressAfter({ did: 'wrong' }));
    }
    const n = await this.streams.beginRedrive(visit, group, { count, perSecond });
    return visit.redirect(addressAfter(n > 0 ? { did: 'begun', n } : { did: 'nothing' }));
  }

  /** Takes one message or a group to look into it, or lets it go. */
  private async look(visit: Visit, isTaken: boolean): Promise<string> {
    const form = (await visit.form()) ?? {};
    const note = form['note']?.slice(0, MAX_NOTE) || undefined;
    const did = isTaken ? 'taken' : 'released';
    if (form['group']) {
      const group = await this.streams.group(visit, form['group']);
      if (!group) return visit.redirect(addressAfter({ did: 'gone' }));
      const { claimed: n, others } = await this.streams.claimGroup(visit, group, note, isTaken);
      return visit.redirect(addressAfter({ did, n, others }));
    }
    const { service, id } = placeIn(form);
    const asked = isTaken ? { ...(note ? { note } : {}), takeOver: form['takeOver'] === 'yes' } : {};
    const path = `/${encodeURIComponent(id)}/${isTaken ? 'claim' : 'release'}`;
    const answer = await this.streams.ask(visit, service, path, asked);
    if (!isRefused(answer)) return visit.redirect(addressAfter({ did, n: 1, others: 0 }));
    if (answer.status === 409) return visit.redirect(addressAfter({ did, n: 0, others: 1 }));
    return this.orGone(visit, answer);
  }

  private orGone(visit: Visit, answer: Refused): string {
    if (answer.status === 404) return visit.redirect(addressAfter({ did: 'gone' }));
    throw problem(answer.status, answer.refused, answer.detail);
  }

  private standingAt(visit: Visit, { service, id }: Place, cursor = ''): Promise<SequenceAnswer> {
    const query = new URLSearchParams({ limit: String(SHOWN), ...(cursor ? { cursor } : {}) });
    const path = `/parked/${encodeURIComponent(id)}?${query.toString()}`;
    return this.streams.get<SequenceAnswer>(visit, service, path);
  }
}

function placeIn({ service = '', id = '' }: Readonly<Record<string, string>>): Place {
  if (service !== '' && id !== '') return { service, id };
  throw problem(400, 'nothing-named', 'The form names no parked message: go back and choose one.');
}
