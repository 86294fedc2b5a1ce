/** How a case's consent came about, and the proof that whoever worked on one that went was asked to stop and has. */
import type { CaseReferral, CaseUpdated, Consent } from '@retorno/contracts';
import { isTerminal, type CaseState } from '../saga/case';
import { CONSENT_REASONS, isWider } from '../saga/consent';
import type { CaseFact } from '../saga/facts';
import { findOffer, type Catalogues } from '../saga/plan/offers';

/** What a fact says of a case, as it stands in cases.v1. */
export type ProvingFact = Pick<CaseFact, 'type'> & { readonly data: { readonly at: string } };

/** A consent as shown: what is not limited, or not known, is null. */
interface ConsentView {
  status: Consent['status'];
  at: string | null;
  by: string | null;
  purposes: readonly string[] | null;
  until: string | null;
}

/** An agency that was asked to stop. `answer` is how its referral ended: cancelled, or what it had done already. */
interface Stopped {
  agency: string;
  service: string;
  referralId: string;
  requestedAt: string;
  /** By when it had to answer. */
  dueAt: string;
  acknowledgedAt: string | null;
  answer: string | null;
}

/** An agency that had served on the consent and keeps what the law that it works under has it keep. */
interface Kept {
  agency: string;
  service: string;
  referralId: string;
  completedAt: string | null;
  law: string | null;
}

export interface ConsentProof extends ConsentView {
  /** Oldest first; `recordedAt` is when the case took it in. */
  history: (ConsentView & { recordedAt: string })[];
  /** The last time that consent was refused, withdrawn, narrowed or expired; null when it never was. */
  withdrawal: {
    at: string;
    recordedAt: string;
    stopped: Stopped[];
    /** Planned, and never sent: nobody has anything of these. */
    neverSent: { agency: string; service: string; referralId: string }[];
    kept: Kept[];
    /** How many agencies have not answered yet. */
    pending: number;
    complete: boolean;
  } | null;
}

/** The proof of a case from its facts, oldest first. `catalogues` name the law under which an agency keeps what it has. */
export function consentProof(
  state: CaseState,
  facts: readonly ProvingFact[],
  catalogues: Catalogues,
): ConsentProof {
  const history: ConsentProof['history'] = [];
  const stops = new Map<string, Stop>();
  let consent: Consent | undefined;
  let loss: Loss | undefined;
  for (const fact of facts) {
    if (fact.type === 'case-opened' || fact.type === 'case-updated') {
      const { at, profile } = fact.data as CaseUpdated;
      const next = profile.consent;
      if (consent && JSON.stringify(next) === JSON.stringify(consent)) continue;
      history.push({ ...viewOf(next), recordedAt: at });
      if (consent && isWider(consent, next)) {
        // An expiry is no word of anybody: it was when the time was over.
        const said = next.status === 'expired' ? next.until : next.at;
        loss = { at: said ?? at, recordedAt: at };
      }
      consent = next;
    } else if (fact.type === 'referral-changed') {
      note(stops, (fact.data as unknown as { referral: CaseReferral }).referral, loss);
    }
  }
  return {
    ...viewOf(state.profile.consent),
    history,
    withdrawal: loss ? withdrawalOf(state, loss, [...stops.values()], catalogues) : null,
  };
}

/** One time at which consent to something went. */
interface Loss {
  readonly at: string;
  readonly recordedAt: string;
}

/** A referral that was stopped because of it; `asked` is absent when it had not been sent. */
interface Stop {
  readonly loss: Loss | undefined;
  readonly id: string;
  readonly asked?: NonNullable<CaseReferral['cancellation']>;
}

function note(stops: Map<string, Stop>, referral: CaseReferral, loss: Loss | undefined): void {
  const { id, cancellation, requestedAt, status, basis } = referral;
  if (stops.get(id)?.asked) return;
  if (cancellation && isForConsent(cancellation.reason)) stops.set(id, { loss, id, asked: cancellation });
  // What had not been sent ends without a word to anybody, in the same decision in which the consent went.
  else if (status === 'cancelled' && !requestedAt && basis === 'consent') {
    if (loss && referral.endedAt === loss.recordedAt) stops.set(id, { loss, id });
  }
}

function isForConsent(reason: string): boolean {
  return CONSENT_REASONS.some((code) => code === reason);
}

function withdrawalOf(
  state: CaseState,
  loss: Loss,
  stops: readonly Stop[],
  catalogues: Catalogues,
): NonNullable<ConsentProof['withdrawal']> {
  const current = (id: string): CaseReferral | undefined => state.referrals.find((r) => r.id === id);
  const ofLoss = stops.filter((stop) => {
    const referral = current(stop.id);
    // What an agency still owes from an earlier time is owed now.
    return stop.loss === loss || (stop.asked && referral && !isTerminal(referral));
  });
  const stopped = ofLoss.flatMap(({ id, asked }) => {
    const referral = current(id);
    if (!asked || !referral) return [];
    const ended = isTerminal(referral);
    return {
      agency: referral.agency,
      service: referral.service,
      referralId: id,
      requestedAt: asked.requestedAt,
      dueAt: asked.dueAt,
      acknowledgedAt: ended ? (referral.endedAt ?? null) : null,
      answer: ended ? referral.status : null,
    };
  });
  const pending = stopped.filter((one) => one.answer === null).length;
  return {
    ...loss,
    stopped,
    neverSent: ofLoss.flatMap(({ id, asked }) => {
      const referral = current(id);
      return asked || !referral ? [] : { agency: referral.agency, service: referral.service, referralId: id };
    }),
    kept: state.referrals
      .filter((r) => r.basis === 'consent' && r.status === 'completed')
      .map((r) => ({
        agency: r.agency,
        service: r.service,
        referralId: r.id,
        completedAt: r.endedAt ?? null,
        law: findOffer(catalogues, r.agency, r.service)?.law ?? null,
      })),
    pending,
    complete: pending === 0,
  };
}

function viewOf({ status, at, by, purposes, until }: Consent): ConsentView {
  return {
    status,
    at: at ?? null,
    by: by ?? (status === 'pending' ? null : 'self'),
    purposes: purposes ?? null,
    until: until ?? null,
  };
}
