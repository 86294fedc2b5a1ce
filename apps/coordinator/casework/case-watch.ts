/** What operators see of decisions once they are committed: a line in the log and figures by agency. */
import { Inject, Injectable } from '@nestjs/common';
import type { CaseReferral, ReferralChanged } from '@retorno/contracts';
import { counter, histogram, LOGGER } from '@retorno/service';
import type { Logger } from 'pino';
import { findReferral, isTerminal, type CaseState } from '../saga/case';
import type { CaseFact } from '../saga/facts';
import { masked, maskedGroup, type RestrictedCodes } from '../saga/restricted';
import { AgencyPace } from '../roundtable/pace';

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

const cases = counter('cases_total', 'Cases by what became of them', ['event']);
const requested = counter('referrals_requested_total', 'Referrals sent to an agency', ['agency']);
const ended = counter('referrals_ended_total', 'Referrals that ended, by how', ['agency', 'status']);
const reminders = counter('reminders_total', 'Reminders to an agency, by the deadline', [
  'agency',
  'deadline',
]);
const escalations = counter('escalations_raised_total', 'Escalations by their reason', ['reason']);
const answerSeconds = histogram(
  'referral_answer_seconds',
  'From the request to an answer: first (its receipt), acknowledged (more than that), ended',
  ['agency', 'answer'],
  [1, 10, MINUTE, 10 * MINUTE, HOUR, 4 * HOUR, DAY, 2 * DAY, 5 * DAY, 10 * DAY, 20 * DAY, 40 * DAY],
);

@Injectable()
export class CaseWatch {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly pace: AgencyPace,
  ) {}

  /** Tells what was decided. `before` is the case as it was. What lists may not show is not shown here either. */
  decided(
    before: CaseState | undefined,
    state: CaseState,
    facts: readonly CaseFact[],
    restricted: RestrictedCodes,
  ): void {
    // One decision may change a referral more than once.
    const changed = new Map<string, CaseReferral>();
    const about = { case: state.number, caseId: state.id };
    for (const fact of facts) {
      switch (fact.type) {
        case 'referral-changed': {
          const { referral } = fact.data;
          const prior = changed.get(referral.id) ?? (before && findReferral(before, referral.id));
          changed.set(referral.id, referral);
          this.measure(prior, referral, fact.data);
          this.sayReferral(about, prior, referral, restricted);
          break;
        }
        case 'escalation-raised': {
          const { id, reason, group, referralId: referral, dueAt } = fact.data.escalation;
          escalations.inc({ reason });
          const cause = maskedGroup(group ?? null, restricted) ?? undefined;
          this.logger.info(
            { ...about, escalation: id, reason, group: cause, referral, dueAt },
            'case escalated',
          );
          break;
        }
        case 'escalation-resolved': {
          const { id, resolution } = fact.data;
          this.logger.info({ ...about, escalation: id, resolution }, 'escalation resolved');
          break;
        }
        case 'answer-refused': {
          const { referralId: referral, from, to } = fact.data;
          this.logger.warn({ ...about, referral, from, to }, 'answer refused: it is not possible now');
          break;
        }
        case 'case-opened':
        case 'case-completed':
        case 'case-closing':
        case 'case-closed':
        case 'case-reopened':
        case 'case-merged': {
          const event = fact.type.slice('case-'.length);
          cases.inc({ event });
          this.logger.info(about, `case ${event}`);
        }
      }
    }
  }

  private measure(
    prior: CaseReferral | undefined,
    referral: CaseReferral,
    { at, actor }: Pick<ReferralChanged, 'at' | 'actor'>,
  ): void {
    const { agency, status } = referral;
    count(prior, referral, at, (answer, seconds) => {
      if (answer !== 'ended') this.pace.note(agency, answer === 'first' ? 'receive' : 'accept', at, seconds);
      else if (status === 'completed') this.pace.note(agency, 'deliver', at, seconds);
    });
    if (actor === `agency:${agency}`) this.pace.heard(agency, at, status !== 'received');
  }

  private sayReferral(
    about: object,
    prior: CaseReferral | undefined,
    referral: CaseReferral,
    restricted: RestrictedCodes,
  ): void {
    if (prior?.status === referral.status || referral.status === 'planned') return;
    // Every agency's service says so by itself at once: of interest only where nothing follows.
    const level = referral.status === 'received' ? 'debug' : 'info';
    if (!this.logger.isLevelEnabled(level)) return;
    const serviceCode = masked(referral.service, restricted);
    // An agency that offers little else would say what the service is.
    const agency = serviceCode === referral.service ? referral.agency : serviceCode;
    const { id, status, code } = referral;
    const what =
      status === 'requested'
        ? 'referral sent'
        : isTerminal(referral)
          ? 'referral ended'
          : 'referral answered';
    this.logger[level]({ ...about, referral: id, agency, serviceCode, status, code }, what);
  }
}

function count(
  prior: CaseReferral | undefined,
  referral: CaseReferral,
  at: string,
  note: (answer: 'first' | 'acknowledged' | 'ended', seconds: number) => void,
): void {
  const { agency, status, requestedAt } = referral;
  if (!requestedAt) return;
  if (!prior?.requestedAt) requested.inc({ agency });
  if (!prior) return;
  const answered = (answer: 'first' | 'acknowledged' | 'ended'): void => {
    const seconds = (Date.parse(at) - Date.parse(requestedAt)) / 1000;
    answerSeconds.observe({ agency, answer }, seconds);
    note(answer, seconds);
  };
  if (prior.status === 'requested' && status !== 'requested') answered('first');
  if (!prior.acknowledgedAt && referral.acknowledgedAt) answered('acknowledged');
  if (!isTerminal(prior) && isTerminal(referral)) {
    answered('ended');
    ended.inc({ agency, status });
  }
  // A reminder leaves the status as it is; most facts change it.
  if (prior.status !== status) return;
  for (const [deadline, field] of REMINDED) {
    if (referral[field] && referral[field] !== prior[field]) reminders.inc({ agency, deadline });
  }
}

const REMINDED = [
  ['ack', 'remindedAck'],
  ['done', 'remindedDone'],
  ['cancellation', 'remindedCancellation'],
] as const;
