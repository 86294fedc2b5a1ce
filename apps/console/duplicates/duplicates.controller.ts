import { Controller, Get, Param, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, problem, ProblemError, readForm, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { noCasePage } from '../case/case-page';
import { ConsoleFilter } from '../frame/console-filter';
import { textsIn } from '../frame/query';
import { answerPage, settingOf } from '../frame/screen';
import { isRefused, Services, type ListPage } from '../services';
import {
  pairAddress,
  stateOf,
  type CaseOfPair,
  type Cases,
  type Compared,
  type Likeness,
  type MergePreview,
  type RegisteredPerson,
} from './pair';
import { pairPage, type Answer, type PairFile, type RefusedDecision } from './pair-page';
import { pairQueuePage, type SuspectedPair } from './queue-page';

/** Refusals that a page can say: what is impossible, gone or wrong now. */
const SAID = [404, 409, 410, 422];

/** Cases that may be about one person: which, in what they agree, and the decision of a lead. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/duplicates')
export class DuplicatesScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('operations', 'auditor')
  async queue(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    const text = textsIn(query);
    const owner = text('owner');
    const filter = {
      owner: owner === 'mine' || owner === 'none' ? owner : '',
      cursor: text('cursor'),
    } as const;
    const asked = { reason: 'duplicate-suspected', grouped: 'false', limit: '50', ...filter };
    const set = Object.entries(asked).filter(([, value]) => value !== '');
    const path = `/escalations?${new URLSearchParams(set).toString()}`;
    const page = await this.services.get<ListPage<SuspectedPair>>(request, path);
    const setting = settingOf(request, caller);
    answerPage(response, setting, pairQueuePage(setting, filter, page));
  }

  @Get(':number/:otherId')
  @Allow('operations', 'auditor')
  async show(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('number') number: string,
    @Param('otherId') other: string,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    const setting = settingOf(request, caller);
    const cases = await this.casesOf(request, number, other);
    if (!cases) return answerPage(response.status(404), setting, noCasePage(setting));
    const file = await this.fileOf(request, caller, cases, textsIn(query)('into'));
    answerPage(response, setting, pairPage(setting, file));
  }

  @Post(':number/:otherId')
  @Allow('operations-lead')
  async decide(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('number') number: string,
    @Param('otherId') other: string,
  ): Promise<void> {
    const form = await readForm(request, response);
    if (!form) throw problem(400, 'bad-form', 'The form could not be read: send it again, with less text.');
    const setting = settingOf(request, caller);
    const cases = await this.casesOf(request, number, other);
    if (!cases) return answerPage(response.status(404), setting, noCasePage(setting));
    const { decision = '', reason = '', into = '', seen = '' } = form;
    const [a, b] = cases;
    const path = `/cases/${encodeURIComponent(a.id)}/duplicates/${encodeURIComponent(b.id)}`;
    const body = { decision, reason, ...(decision === 'same' ? { into, seen } : {}) };
    const answer = await this.services.ask<object>(request, 'POST', path, body);
    if (!isRefused(answer)) return response.redirect(303, pairAddress(a.number, b.number));
    const refused: RefusedDecision = { ...answer, decision, reason };
    // What is shown beside the refusal is how they stand now.
    const now = (await this.casesOf(request, number, other)) ?? cases;
    const file = { ...(await this.fileOf(request, caller, now, into)), refused };
    answerPage(response.status(answer.status), setting, pairPage(setting, file));
  }

  /** Undefined when there is no such case. */
  private async casesOf(request: Request, number: string, other: string): Promise<Cases | undefined> {
    const [a, b] = await Promise.all(
      [number, other].map((one) =>
        orRefused(this.services.get<CaseOfPair>(request, `/cases/${encodeURIComponent(one)}`)),
      ),
    );
    return a && b && !('refused' in a) && !('refused' in b) ? [a, b] : undefined;
  }

  private async fileOf(request: Request, caller: Caller, cases: Cases, into: string): Promise<PairFile> {
    const state = stateOf(cases);
    if (state === 'merged') return { cases };
    const decides = caller.roles.has('operations-lead') && state !== 'different';
    const [compared, preview] = await Promise.all([
      orRefused(this.compare(request, caller, cases)),
      decides ? orRefused(this.previewOf(request, cases, into)) : undefined,
    ]);
    return { cases, compared, ...(preview && { preview }) };
  }

  private async compare(request: Request, caller: Caller, [a, b]: Cases): Promise<Compared> {
    const path = `/intake/cases/${encodeURIComponent(a.id)}/likeness/${encodeURIComponent(b.id)}`;
    const likeness = await this.services.get<Likeness>(request, path);
    // Intake tells operations who somebody is, and auditors not.
    if (!caller.roles.has('operations')) return { likeness, persons: null };
    const [one, other] = likeness.registrations.map(({ returneeId }) =>
      this.services.get<RegisteredPerson>(request, `/intake/returnees/${encodeURIComponent(returneeId)}`),
    );
    return { likeness, persons: [await one!, await other!] };
  }

  private previewOf(request: Request, [a, b]: Cases, into: string): Promise<MergePreview> {
    const chosen = into === '' ? '' : `?into=${encodeURIComponent(into)}`;
    const path = `/cases/${encodeURIComponent(a.id)}/duplicates/${encodeURIComponent(b.id)}${chosen}`;
    return this.services.get<MergePreview>(request, path);
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
