/** One decision being made: the facts so far and the case as they leave it. Pure seen from outside. */
import type { CaseNeed, CaseReferral } from '@retorno/contracts';
import type { Calendar } from '@retorno/service';
import { stopTerm } from './consent';
import { evolve, isNeedOpen, isSent, type CaseState } from './case';
import type { CaseFact, FactData, FactType, Restricted } from './facts';
import type { Catalogues } from './plan/offers';
import type { Standings } from './standing';
import type { Rules } from './plan/rules';

/** What a decision depends on beside the case and the input. */
export interface Env {
  readonly now: Date;
  readonly calendar: Calendar;
  readonly catalogues: Catalogues;
  /** What operations have decided about agencies: who is paused, who has announced maintenance. */
  readonly standings: Standings;
  readonly rules: Rules;
  /** When a child comes of age; undefined when nobody knows. Called only where it matters: the birth date is sealed. */
  readonly ofAgeAt?: () => Date | undefined;
}

/** Who and why; for one fact, or for all of a decision. */
export interface Origin {
  readonly actor: string;
  readonly cause: string;
}

/** What a fact says beside the decision's own origin. */
export type Said = Partial<Origin> & { restricted?: Restricted };

type Payload<T extends FactType> = Omit<FactData[T], 'at' | 'actor' | 'cause'>;

/** A rule decided it; what it followed from stays the cause. */
export function byRule(rule: string): Pick<Origin, 'actor'> {
  return { actor: `rule:${rule}` };
}

export class Decision {
  readonly facts: CaseFact[] = [];
  /** `env.now` as it stands in facts. */
  readonly at: string;
  private current: CaseState | undefined;

  constructor(
    readonly caseId: string,
    before: CaseState | undefined,
    readonly env: Env,
    private readonly origin: Origin,
  ) {
    this.current = before;
    this.at = env.now.toISOString();
  }

  get state(): CaseState {
    if (!this.current) throw new Error('the case is not open yet');
    return this.current;
  }

  emit<T extends FactType>(type: T, payload: Payload<T>, by: Said = {}): void {
    const { restricted, ...origin } = by;
    const data = { ...payload, at: this.at, ...this.origin, ...origin };
    const secret = restricted && Object.keys(restricted).length > 0 ? { restricted } : {};
    // The compiler cannot see that a payload and its type still belong together.
    const fact = { type, caseId: this.caseId, data, ...secret } as unknown as CaseFact;
    this.facts.push(fact);
    this.current = evolve(this.current, fact);
  }

  setReferral(referral: CaseReferral, by?: Said): void {
    this.emit('referral-changed', { referral }, by);
  }

  settle(
    code: string,
    status: 'settled' | 'unmet',
    reason: NonNullable<CaseNeed['reason']>,
    by?: Said,
  ): void {
    this.emit('need-settled', { code, status, reason }, by);
  }

  isOpen(need: string): boolean {
    return isNeedOpen(this.state, need);
  }

  /** The referral as it is by now. */
  referral(id: string): CaseReferral {
    const found = this.state.referrals.find((r) => r.id === id);
    if (!found) throw new Error('a referral vanished within a decision');
    return found;
  }

  /** A planned referral that will not be sent. */
  cancelPlanned(referral: CaseReferral, by?: Said): void {
    const { businessStatus: _businessStatus, ...rest } = referral;
    this.setReferral({ ...rest, status: 'cancelled', endedAt: this.at }, by);
  }

  /** Asks the agency to stop; it stays open until the agency answers. `reason` is a code. */
  requestCancellation(referral: CaseReferral, reason: string, by?: Said): void {
    const { suspendedAt: _suspendedAt, waitlistedAt: _waitlistedAt, ...rest } = referral;
    const term = stopTerm(referral, { requestedAt: this.at, reason }, this.env);
    const dueAt = this.env.calendar.add(this.env.now, term).toISOString();
    this.setReferral(
      {
        ...rest,
        businessStatus: 'cancellation-requested',
        cancellation: { requestedAt: this.at, dueAt, reason },
      },
      by,
    );
  }

  /** Ends a referral as far as we can by ourselves. Does nothing when it has ended or is being recalled already. */
  recall(referral: CaseReferral, reason: string, by?: Said): void {
    if (referral.status === 'planned') this.cancelPlanned(referral, by);
    else if (isSent(referral) && !referral.cancellation) this.requestCancellation(referral, reason, by);
  }
}

/** A command that the case cannot follow. The shell turns it into a problem: 404 for `unknown-…`, 422 for `bad-…`, else 409. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    /** What can be done instead. */
    readonly possible?: readonly string[],
  ) {
    super(`${code}: ${detail}`);
    this.name = 'Refusal';
  }
}
