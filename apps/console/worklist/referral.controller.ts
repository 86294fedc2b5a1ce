import { randomUUID } from 'node:crypto';
import { Get, Param, Post, Query } from '@nestjs/common';
import { AllowOwnAgency, problem } from '@retorno/service';
import { cataloguesFor, titleOf } from '../agencies/catalogues';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { isRefused, Services, type Refused } from '../services';
import type { NotTaken } from './answer-forms';
import { answerOf, correctionOf, isAction, type Action, type Referral } from './answers';
import { agencyOf } from './own-agency';
import { referralPage } from './referral';

/** A tick for each service of the roundtable that may be missing, and the rest of the form. */
const MAX_FIELDS = 300;

/** One referral of one's own agency, and its answers. */
@ScreenAt('console/worklist')
export class ReferralScreenController {
  constructor(private readonly services: Services) {}

  @Get(':rid')
  @AllowOwnAgency('agency-worker')
  async show(
    @Visiting() visit: Visit,
    @Param('rid') rid: string,
    @Query('answered') answered: unknown,
  ): Promise<string> {
    const referral = await this.referral(visit, rid);
    return this.answerWith(visit, { referral, isAnswered: answered === 'yes' });
  }

  /** One answer or correction; a refused one is shown beside its form, with what was typed. */
  @Post(':rid')
  @AllowOwnAgency('agency-worker')
  async answer(@Visiting() visit: Visit, @Param('rid') rid: string): Promise<string> {
    const fields = await visit.form(MAX_FIELDS);
    const action = fields?.['action'] ?? '';
    const referral = await this.referral(visit, rid);
    if (!fields || !isAction(action)) {
      throw problem(422, 'form-unreadable', 'This form is incomplete or too long: open the referral again.');
    }
    const refused = await this.send(visit, referral, action, fields);
    if (!refused) return visit.redirect(`/console/worklist/${referral.id}?answered=yes`);
    const notTaken: NotTaken = { ...refused, action, fields };
    // It may have changed meanwhile: the forms are those that are possible now.
    const now = await this.referral(visit, rid);
    return this.answerWith(visit, { referral: now, notTaken, isAnswered: false });
  }

  private async send(
    visit: Visit,
    referral: Referral,
    action: Action,
    fields: Readonly<Record<string, string>>,
  ): Promise<Refused | undefined> {
    const path = `/agencies/${agencyOf(visit.caller)}/referrals/${referral.id}`;
    const key = fields['key'];
    const headers: Record<string, string> = key ? { 'idempotency-key': key } : {};
    const [to, body] =
      action === 'correct'
        ? ['corrections', correctionOf(fields)]
        : ['answers', answerOf(action, fields, referral)];
    const answer = await this.services.ask(visit, 'POST', `${path}/${to}`, body, headers);
    return isRefused(answer) ? answer : undefined;
  }

  private referral(visit: Visit, rid: string): Promise<Referral> {
    return this.services.get(
      visit,
      `/agencies/${agencyOf(visit.caller)}/referrals/${encodeURIComponent(rid)}`,
    );
  }

  private async answerWith(
    visit: Visit,
    view: { referral: Referral; notTaken?: NotTaken; isAnswered: boolean },
  ): Promise<string> {
    const catalogues = await cataloguesFor(this.services, visit);
    const own = catalogues.find(({ slug }) => slug === visit.caller.agency);
    const offered = { services: own?.services ?? [], offices: own?.offices ?? [] };
    const services = catalogues.flatMap((catalogue) =>
      catalogue.services.map(
        ({ code }) => [code, titleOf(catalogue.services, code, visit.language)] as const,
      ),
    );
    const page = referralPage(visit, { ...view, offered, services, newKey: randomUUID });
    return visit.page(page, view.notTaken?.status);
  }
}
