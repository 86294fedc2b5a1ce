/** What operations, and the returnee, can say about one referral. */
import type { CaseReferral } from '@retorno/contracts';
import { providersFor, untried } from '../answers';
import { isSent, isTerminal } from '../case';
import { remind } from '../deadlines';
import { byRule, Refusal, type Decision } from '../decision';
import { commandsFor, knownReferral, mustBeOpen, newestReferral, said, type CommandOf } from './guards';
import type { Offer } from '../plan/offers';
import { offerOf, sendReady, tryAgain } from '../plan/planning';
import { unmetOf } from '../plan/prerequisites';
import { settleNeeds } from '../settling';
import { suspension } from '../transitions';

/** The cause by which the shell finds the information that goes to the agency. */
export const INFORMATION_SUPPLIED = 'information-supplied';

export function waive(d: Decision, input: CommandOf<'waive'>): void {
  const referral = knownReferral(d, input.referralId);
  mustBeOpen(d);
  const prerequisites = referral.status === 'planned' ? unmetOf(referral, d.state, d.env.rules) : [];
  if (prerequisites.length === 0) {
    throw new Refusal('nothing-to-waive', 'The referral waits for no prerequisite.', commandsFor(referral));
  }
  d.emit('prerequisite-waived', { referralId: referral.id, prerequisites }, said(input));
  sendReady(d);
}

/** A new attempt at the slot: at once when this one has ended, else as soon as the agency has let it go. */
export function reroute(d: Decision, input: CommandOf<'reroute'>): void {
  const referral = newestReferral(d, input.referralId);
  const delivered = referral.status === 'completed' && referral.businessStatus !== 'disputed';
  const idle = referral.needs.length > 0 && !referral.needs.some((code) => d.isOpen(code));
  if (
    referral.status === 'planned' ||
    delivered ||
    (referral.cancellation?.reason === 'rerouted' && isSent(referral))
  ) {
    throw new Refusal(
      'not-reroutable',
      `A referral that is ${referral.status} cannot be sent on.`,
      commandsFor(referral),
    );
  }
  if (idle)
    throw new Refusal('need-settled', 'Every need that the referral serves is settled.', [
      'add the need again',
    ]);
  const offer = nextProvider(d, referral, input.agency);
  if (!offer)
    throw new Refusal(
      'no-provider',
      'No other agency offers this service to the returnee.',
      commandsFor(referral).filter((name) => name !== 'reroute'),
    );
  if (isSent(referral)) {
    const { cancellation: _cancellation, ...rest } = referral;
    return d.requestCancellation(rest, 'rerouted', said(input));
  }
  tryAgain(d, referral, offer, { by: said(input) });
}

/** Untried providers first; when there is none, whoever has ended it may be asked again. */
function nextProvider(d: Decision, referral: CaseReferral, agency: string | undefined): Offer | undefined {
  const next = untried(d, referral);
  const possible = isSent(referral) ? next : [...next, ...providersFor(d, referral)];
  if (agency) return possible.find((offer) => offer.agency === agency);
  if (next[0] || isSent(referral)) return next[0];
  return offerOf(d, referral) ?? possible[0];
}

export function cancel(d: Decision, input: CommandOf<'cancel'>): void {
  const referral = knownReferral(d, input.referralId);
  if (isTerminal(referral)) {
    throw new Refusal(
      'referral-ended',
      `The referral is ${referral.status}, which is final.`,
      commandsFor(referral),
    );
  }
  if (referral.cancellation) {
    throw new Refusal(
      'cancellation-pending',
      'Its cancellation was requested already.',
      commandsFor(referral),
    );
  }
  d.recall(referral, 'operations', said(input));
  settleNeeds(d, referral.needs);
}

export function remindAgency(d: Decision, input: CommandOf<'remind'>): void {
  const referral = knownReferral(d, input.referralId);
  if (!isSent(referral)) {
    throw new Refusal(
      'not-sent',
      `The referral is ${referral.status}: no agency owes an answer.`,
      commandsFor(referral),
    );
  }
  const what = referral.cancellation
    ? 'remind-cancellation'
    : referral.acknowledgedAt
      ? 'remind-done'
      : 'remind-ack';
  d.setReferral(remind(referral, what, d.at), said(input));
}

export function confirmation(d: Decision, input: CommandOf<'confirmation'>): void {
  const referral = knownReferral(d, input.referralId);
  if (!referral.confirmBy || d.env.now.getTime() > Date.parse(referral.confirmBy)) {
    throw new Refusal(
      'not-confirmable',
      "Nothing of this referral waits for the returnee's word.",
      commandsFor(referral),
    );
  }
  const { confirmBy: _confirmBy, ...rest } = referral;
  const by = { actor: 'returnee', ...said(input, input.channel ? { channel: input.channel } : {}) };
  d.setReferral({ ...rest, businessStatus: input.outcome }, by);
  if (input.outcome === 'confirmed') return settleNeeds(d, referral.needs);
  for (const code of referral.needs) d.emit('need-reopened', { code }, byRule('dispute'));
}

export function supplyInformation(d: Decision, input: CommandOf<'supply-information'>): void {
  const referral = knownReferral(d, input.referralId);
  if (!isSent(referral) || referral.businessStatus !== 'info-requested') {
    throw new Refusal('nothing-asked', 'The agency has asked for no information.', commandsFor(referral));
  }
  const { businessStatus: _businessStatus, ...rest } = referral;
  d.setReferral(suspension(rest, d.env), {
    cause: INFORMATION_SUPPLIED,
    ...said(input, { note: input.information }),
  });
}
