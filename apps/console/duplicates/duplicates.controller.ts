import { Get, Param, Post, Query } from '@nestjs/common';
import { Allow, problem, ProblemError } from '@retorno/service';
import { noCasePage } from '../case/case-page';
import { textsIn } from '../frame/query';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { registeredPerson } from '../person';
import { isRefused, Services, type ListPage } from '../services';
import {
  pairAddress,
  stateOf,
  type CaseOfPair,
  type Cases,
  type Compared,
  type Likeness,
  type MergePreview,
} from './pair';
import { pairPage, type Answer, type PairFile, type RefusedDecision } from './pair-page';
import { pairQueuePage, type SuspectedPair } from './queue-page';

/** Refusals that a page can say: what is impossible, gone or wrong now. */
const SAID = [404, 409, 410, 422];

/** Cases that may be about one person: which, in what they agree, and the decision of a lead. */
@ScreenAt('console/duplicates')
export class DuplicatesScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('operations', 'auditor')
  async queue(@Visiting() visit: Visit, @Query() query: Record<string, unknown>): Promise<string> {
    const text = textsIn(query);
    const owner = text('owner');
    const filter = {
      owner: owner === 'mine' || owner === 'none' ? owner : '',
      cursor: text('cursor'),
    } as const;
    const asked = { reason: 'duplicate-suspected', grouped: 'false', limit: '50', ...filter };
    const set = Object.entries(asked).filter(([, value]) => value !== '');
    const path = `/escalations?${new URLSearchParams(set).toString()}`;
    const page = await this.services.get<ListPage<SuspectedPair>>(visit, path);
    return visit.page(pairQueuePage(visit, filter, page));
  }

  @Get(':number/:otherId')
  @Allow('operations', 'auditor')
  async show(
    @Visiting() visit: Visit,
    @Param('number') number: string,
    @Param('otherId') other: string,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const cases = await this.casesOf(visit, number, other);
    if (!cases) return visit.page(noCasePage(visit), 404);
    const file = await this.fileOf(visit, cases, textsIn(query)('into'));
    return visit.page(pairPage(visit, file));
  }

  @Post(':number/:otherId')
  @Allow('operations-lead')
  async decide(
    @Visiting() visit: Visit,
    @Param('number') number: string,
    @Param('otherId') other: string,
  ): Promise<string> {
    const form = await visit.form();
    if (!form) throw problem(400, 'bad-form', 'The form could not be read: send it again, with less text.');
    const cases = await this.casesOf(visit, number, other);
    if (!cases) return visit.page(noCasePage(visit), 404);
    const { decision = '', reason = '', into = '', seen = '' } = form;
    const [a, b] = cases;
    const path = `/cases/${encodeURIComponent(a.id)}/duplicates/${encodeURIComponent(b.id)}`;
    const body = { decision, reason, ...(decision === 'same' ? { into, seen } : {}) };
    const answer = await this.services.ask<object>(visit, 'POST', path, body);
    if (!isRefused(answer)) return visit.redirect(pairAddress(a.number, b.number));
    const refused: RefusedDecision = { ...answer, decision, reason };
    // What is shown beside the refusal is how they stand now.
    const now = (await this.casesOf(visit, number, other)) ?? cases;
    const file = { ...(await this.fileOf(visit, now, into)), refused };
    return visit.page(pairPage(visit, file), answer.status);
  }

  /** Undefined when there is no such case. */
  private async casesOf(visit: Visit, number: string, other: string): Promise<Cases | undefined> {
    const [a, b] = await Promise.all(
      [number, other].map((one) =>
        orRefused(this.services.get<CaseOfPair>(visit, `/cases/${encodeURIComponent(one)}`)),
      ),
    );
    return a && b && !('refused' in a) && !('refused' in b) ? [a, b] : undefined;
  }

  private async fileOf(visit: Visit, cases: Cases, into: string): Promise<PairFile> {
    const state = stateOf(cases);
    if (state === 'merged') return { cases };
    const decides = visit.caller.roles.has('operations-lead') && state !== 'different';
    const [compared, preview] = await Promise.all([
      orRefused(this.compare(visit, cases)),
      decides ? orRefused(this.previewOf(visit, cases, into)) : undefined,
    ]);
    return { cases, compared, ...(preview && { preview }) };
  }

  private async compare(visit: Visit, [a, b]: Cases): Promise<Compared> {
    const path = `/intake/cases/${encodeURIComponent(a.id)}/likeness/${encodeURIComponent(b.id)}`;
    const likeness = await this.services.get<Likeness>(visit, path);
    // Intake tells operations who somebody is, and auditors not.
    if (!visit.caller.roles.has('operations')) return { likeness, persons: null };
    const [one, other] = await Promise.all(
      likeness.registrations.map(({ returneeId }) => registeredPerson(this.services, visit, returneeId)),
    );
    return { likeness, persons: [one!, other!] };
  }

  private previewOf(visit: Visit, [a, b]: Cases, into: string): Promise<MergePreview> {
    const chosen = into === '' ? '' : `?into=${encodeURIComponent(into)}`;
    const path = `/cases/${encodeURIComponent(a.id)}/duplicates/${encodeURIComponent(b.id)}${chosen}`;
    return this.services.get<MergePreview>(visit, path);
  }
}

async function orRefused<T extends object>(asked: Promise<T>): Promise<Answer<T>> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof ProblemError) || !SAID.includes(error.body.status)) throw error;
    return { refused: error.body.type.split(':').at(-1)!, detail: error.body.detail };
  }
}
