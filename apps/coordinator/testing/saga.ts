/** A case told step by step: given a returnee, when this and that happens, then look. Every step is checked on the way. */
import {
  CaseEnded,
  CasesMerged,
  DocumentObtained,
  InformationSupplied,
  CancellationRequested,
  OutcomeConfirmed,
  OutcomeDisputed,
  ReferralCorrected,
  ReferralReminded,
  ReferralRequested,
  ReferralUpdated,
  type AnswerBody,
  type CaseNeed,
  type CaseReferral,
  type Consent,
  type CorrectionBody,
  type EventContract,
} from '@retorno/contracts';
import { peruCalendar } from '@retorno/service';
import { latestOf, type CaseState, type EscalationState } from '../saga/case';
import { nextDueAt } from '../saga/deadlines';
import { decide, fold, run, type Env } from '../saga/decide';
import { contractOfFact, type CaseFact } from '../saga/facts';
import type { CaseCommand, CaseInput } from '../saga/inputs';
import type { Catalogues } from '../saga/plan/offers';
import { messagesFor, type Message } from '../saga/requests';
import { comesOfAge } from '../saga/plan/profile';
import type { Standings } from '../saga/standing';
import { RULES } from '../saga/plan/rules';
import { returnee, type Said } from './returnees';
import { roundtable } from './roundtable';

const CASE_ID = '01930000-0000-7000-8000-000000000001';
const HOUR_MS = 3_600_000;
const CONTRACTS = [
  ReferralRequested,
  ReferralUpdated,
  ReferralReminded,
  InformationSupplied,
  CancellationRequested,
  OutcomeConfirmed,
  OutcomeDisputed,
  ReferralCorrected,
  DocumentObtained,
  CaseEnded,
  CasesMerged,
] as unknown as readonly EventContract[];
const calendar = peruCalendar();

/** `Omit` of every member of a union. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export class Saga {
  state!: CaseState;
  /** Monday, 23 November 2026, 9:00 in Lima. */
  now = new Date('2026-11-23T14:00:00.000Z');
  standings: Standings = new Map();
  readonly facts: CaseFact[] = [];
  readonly messages: Message[] = [];
  private said: Said;

  constructor(
    said: Said = {},
    public catalogues: Catalogues = roundtable(),
    caseId = CASE_ID,
  ) {
    this.said = said;
    this.when({ type: 'registered', caseId, data: returnee(said) });
  }

  get env(): Env {
    const { now, catalogues, standings, said } = this;
    const ofAgeAt = () => comesOfAge(returnee(said).person.dateOfBirth, RULES);
    return { now, calendar, catalogues, standings, rules: RULES, ofAgeAt };
  }

  /**
   * Takes an input. Every fact must keep its contract, folding the facts must give the state, and what is due next must be
   * what the state says. Returns the new facts.
   */
  when(input: CaseInput): CaseFact[] {
    const before = this.facts.length > 0 ? this.state : undefined;
    const { state, facts, dueAt } = run(before, input, this.env);
    expect(decide(before, input, this.env)).toEqual(facts);
    expect(dueAt).toEqual(nextDueAt(state, this.env));
    for (const fact of facts) {
      const errors = contractOfFact(fact).writeErrors(fact.data);
      if (errors.length > 0) throw new Error(`${fact.type} breaks its contract: ${errors.join('; ')}`);
    }
    const messages = messagesFor(before, facts, RULES);
    for (const message of messages) checkMessage(message);
    expect(fold(facts, before)).toEqual(facts.length > 0 ? state : before);
    this.state = state;
    this.facts.push(...facts);
    this.messages.push(...messages);
    return facts;
  }

  /** The row says otherwise from now on. */
  change(said: Said): CaseFact[] {
    this.said = { ...this.said, ...said };
    const { caseNumber: _caseNumber, ...data } = returnee(this.said);
    return this.when({ type: 'changed', data });
  }

  consent(
    status: Consent['status'],
    at = '2026-11-24T12:00:00Z',
    terms: Pick<Consent, 'by' | 'purposes' | 'until'> = {},
  ): CaseFact[] {
    return this.when({ type: 'consent-changed', consent: { status, at, ...terms } });
  }

  /** The newest attempt at a service. */
  referral(service: string): CaseReferral {
    const found = latestOf(this.state.referrals, service);
    if (!found) throw new Error(`no referral for ${service}`);
    return found;
  }

  /** The agency answers, one status after the other. */
  answer(service: string, ...answers: (AnswerBody['status'] | AnswerBody)[]): CaseFact[] {
    return answers.flatMap((given) => {
      const { id, agency } = this.referral(service);
      const body = typeof given === 'string' ? { status: given } : given;
      const data = { ...body, referralId: id, at: this.now.toISOString() };
      return this.when({ type: 'answered', agency, data });
    });
  }

  /** The agency takes its final answer back. */
  correct(service: string, body: Omit<CorrectionBody, 'reason'>): CaseFact[] {
    const { id, agency } = this.referral(service);
    const data = { ...body, referralId: id, reason: 'mistaken', at: this.now.toISOString() };
    return this.when({ type: 'answer-corrected', agency, data });
  }

  /** Received, accepted, completed. */
  complete(service: string, outcome?: AnswerBody['outcome']): CaseFact[] {
    return this.answer(service, 'received', 'accepted', {
      status: 'completed',
      ...(outcome === undefined ? {} : { outcome }),
    });
  }

  reject(service: string, code: NonNullable<AnswerBody['code']>, missing?: string[]): CaseFact[] {
    return this.answer(service, 'received', { status: 'rejected', code, ...(missing ? { missing } : {}) });
  }

  confirm(service: string, outcome: 'confirmed' | 'disputed' = 'confirmed'): CaseFact[] {
    return this.when({ type: 'confirmation', referralId: this.referral(service).id, outcome });
  }

  /** A command about the newest attempt at a service. */
  command<T extends Extract<CaseCommand, { referralId: string }>>(
    service: string,
    command: Without<T, 'referralId'>,
  ): CaseFact[] {
    return this.when({ ...command, referralId: this.referral(service).id } as unknown as T);
  }

  /** Time passes to an instant; every timer on the way goes off when it is due. */
  until(instant: string | Date): void {
    const end = new Date(instant);
    for (
      let due = nextDueAt(this.state, this.env);
      due && due <= end;
      due = nextDueAt(this.state, this.env)
    ) {
      if (due > this.now) this.now = due;
      this.when({ type: 'time-passed' });
      const next = nextDueAt(this.state, this.env);
      if (next && next <= this.now)
        throw new Error(`a timer that went off is due again: ${next.toISOString()}`);
    }
    if (end > this.now) this.now = end;
  }

  hours(count: number): void {
    this.until(new Date(this.now.getTime() + count * HOUR_MS));
  }

  days(count: number): void {
    this.hours(24 * count);
  }

  need(code: string): Pick<CaseNeed, 'status' | 'reason'> | undefined {
    const found = this.state.needs.find((need) => need.code === code);
    return found && { status: found.status, ...(found.reason ? { reason: found.reason } : {}) };
  }

  get open(): EscalationState[] {
    return this.state.escalations.filter((escalation) => !escalation.resolvedAt);
  }

  /** Reasons of the open escalations. */
  get escalated(): string[] {
    return this.open.map((escalation) => escalation.reason);
  }

  resolve(reason: string): CaseFact[] {
    const found = this.open.find((escalation) => escalation.reason === reason);
    if (!found) throw new Error(`no open escalation: ${reason}`);
    return this.when({ type: 'resolve-escalation', escalationId: found.id });
  }

  /** `service status` of every referral, in the order of planning. */
  get standing(): string[] {
    return this.state.referrals.map((r) => `${r.service} ${r.businessStatus ?? r.status}`);
  }

  /** `type service` of the messages so far. */
  sent(type?: Message['type']): string[] {
    return this.messages
      .filter((message) => !type || message.type === type)
      .map((message) => (message.to === 'agency' ? `${message.agency}/${message.service}` : message.type));
  }
}

function checkMessage(message: Message): void {
  const contract = CONTRACTS.find((c) => c.name === message.type);
  if (!contract) throw new Error(`no contract for the message '${message.type}'`);
  const discloses = message.type === 'referral-requested' || message.type === 'referral-updated';
  const errors = contract.writeErrors(discloses ? { ...message.data, returnee: {} } : message.data);
  if (errors.length > 0) throw new Error(`${message.type} breaks its contract: ${errors.join('; ')}`);
}
