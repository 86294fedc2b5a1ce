/** From needs to referrals: one pure function over the returnee's profile, the published catalogues and the rules. */
import type { Basis, CaseNeed, CaseProfile, CaseReferral, Purpose } from '@retorno/contracts';
import { isTerminal, latestOf } from '../case';
import { lacksConsent } from '../consent';
import { isAlternative, isEligible, offersOf, providersOf, type Catalogues, type Offer } from './offers';
import { idSlot, isMet, slotOf, verificationFailed } from './prerequisites';
import { isUnaccompaniedChild } from './profile';
import type { Rules } from './rules';

export interface PlanInput {
  readonly profile: CaseProfile;
  /** Codes of the needs to plan for. */
  readonly needs: readonly string[];
  /** Services that are to be in the plan whatever was asked: prerequisites of what is there already. */
  readonly slots?: readonly string[];
  readonly referrals: readonly CaseReferral[];
  readonly catalogues: Catalogues;
  readonly rules: Rules;
  readonly now: Date;
}

/** A referral as it should be, before it has an id. */
export interface Draft {
  readonly slot: string;
  readonly agency: string;
  readonly service: string;
  readonly needs: readonly string[];
  readonly requires: readonly string[];
  readonly basis: Basis;
  /** What a consent must have been given for; absent: everything. */
  readonly purpose?: Purpose;
  readonly provisional: boolean;
  readonly ack: string;
  readonly done: string;
}

export interface Plan {
  /** One per slot. What exists already is drafted too, as it should be now. */
  readonly drafts: readonly Draft[];
  /** Needs whose every offer has a condition that fails. */
  readonly notEligible: readonly string[];
  /** Needs that nobody offers anything for. */
  readonly noProvider: readonly string[];
  /** Needs whose every offer rests on a consent that was not given, or is gone. */
  readonly consentMissing: readonly string[];
  /** Required services that nobody offers to this returnee. */
  readonly unoffered: readonly string[];
}

/** The needs of a returnee: what was asked, and what was assessed. */
export function needsOf(input: Omit<PlanInput, 'needs'>): Pick<CaseNeed, 'code' | 'origin'>[] {
  const { profile, rules, catalogues, now } = input;
  const eligible = offersOf(catalogues).filter((o) => isEligible(o, profile, rules.home, now));
  const assessed = profile.vulnerabilities.filter(
    (code) =>
      code !== rules.child.need &&
      !(code === rules.detention && profile.stage === 'released') &&
      (rules.assessedNeeds.includes(code) || eligible.some((o) => o.for.includes(code))),
  );
  const codes: string[] = [...assessed];
  if (isUnaccompaniedChild(profile, rules)) codes.push(rules.child.need);
  if (eligible.some((o) => o.every === 'arrival')) codes.push(rules.arrivalNeed);
  return [
    ...profile.needs.map((code) => ({ code, origin: 'asked' as const })),
    ...codes.map((code) => ({ code, origin: 'assessed' as const })),
  ];
}

/** Turns needs into referrals with their prerequisites. Deterministic: the same input gives the same plan. */
export function plan(input: PlanInput): Plan {
  return new Planner(input).plan();
}

/** A draft for one offer, without looking at anything else; for another attempt at a slot. */
export function draftOf(
  input: Omit<PlanInput, 'needs'>,
  offer: Offer,
  slot: string,
  needs: readonly string[],
): Draft {
  const { profile, rules } = input;
  const child = isUnaccompaniedChild(profile, rules);
  const atOnce = child && isAtOnce(offer, slot, rules);
  const urgent = offer.urgent?.for.some((code) => profile.vulnerabilities.includes(code))
    ? offer.urgent
    : undefined;
  const servedAtOnce = isProvisional(offer, profile);
  const provisional = servedAtOnce && !isMet('id', input, rules);
  return {
    slot,
    agency: offer.agency,
    service: offer.code,
    needs,
    requires: requirementsOf(offer, { atOnce, child, servedAtOnce }, rules),
    basis: atOnce ? 'legal-obligation' : (urgent ?? offer).basis,
    ...(offer.purpose ? { purpose: offer.purpose } : {}),
    provisional,
    ack: (urgent ?? offer).ack,
    done: (urgent ?? offer).done,
  };
}

/** True unless the offer would rest on a consent that was not given, or is gone. */
export function isAllowed(input: Omit<PlanInput, 'needs'>, offer: Offer, slot: string): boolean {
  return !lacksConsent(draftOf(input, offer, slot, []), input.profile.consent);
}

function requirementsOf(
  offer: Offer,
  how: { atOnce: boolean; child: boolean; servedAtOnce: boolean },
  rules: Rules,
): string[] {
  if (how.atOnce) return [];
  // What can be served before `id` for some is served without it to a child whose gate has opened. Whether `id` is met by
  // now makes no difference: every attempt requires the same, whenever it is made.
  const withoutId = how.servedAtOnce || (how.child && offer.provisionalFor !== undefined);
  const own = withoutId ? offer.requires.filter((code) => code !== 'id') : offer.requires;
  return [...new Set(how.child ? [rules.child.gate, ...own] : own)];
}

function isAtOnce(offer: Offer, slot: string, rules: Rules): boolean {
  const { child, id } = rules;
  const codes = [child.gate, ...child.added, ...child.atOnce, id.verify, id.issue, id.foreigner];
  return offer.every === 'arrival' || codes.includes(slot) || codes.includes(offer.code);
}

function isProvisional(offer: Offer, profile: CaseProfile): boolean {
  const groups = offer.provisionalFor;
  if (!groups || !offer.requires.includes('id')) return false;
  const young = groups.underAge !== undefined && profile.age < groups.underAge;
  return young || groups.vulnerabilities.some((code) => profile.vulnerabilities.includes(code));
}

class Planner {
  private readonly drafts = new Map<string, Draft>();
  private readonly notEligible: string[] = [];
  private readonly noProvider: string[] = [];
  private readonly consentMissing: string[] = [];
  private readonly unoffered = new Set<string>();
  private readonly offers: readonly Offer[];

  constructor(private readonly input: PlanInput) {
    this.offers = offersOf(input.catalogues);
  }

  plan(): Plan {
    const { profile, needs, slots = [], rules } = this.input;
    for (const code of needs) this.serve(code);
    if (isUnaccompaniedChild(profile, rules)) this.protect(needs.includes(rules.child.need));
    this.verifyDocument();
    for (const slot of slots) this.require(slot);
    const { notEligible, noProvider, consentMissing } = this;
    return {
      drafts: [...this.drafts.values()],
      notEligible,
      noProvider,
      consentMissing,
      unoffered: [...this.unoffered],
    };
  }

  /** Drafts what serves a need: every first choice, else one alternative. */
  private serve(code: string): void {
    const candidates = this.candidatesFor(code);
    // The gate of a child is sought by service: without it the need has no other provider.
    if (candidates.length === 0) {
      if (code !== this.input.rules.child.need) this.noProvider.push(code);
      return;
    }
    const eligible = candidates.filter((o) => this.isEligible(o));
    if (eligible.length === 0) {
      this.notEligible.push(code);
      return;
    }
    const first = eligible.filter((o) => !isAlternative(o));
    const chosen = first.length > 0 ? onePerService(first) : eligible.slice(0, 1);
    const allowed = chosen.filter((o) => this.isAllowed(o, slotFor(o)));
    if (allowed.length === 0) this.consentMissing.push(code);
    for (const offer of allowed) this.add(offer, slotFor(offer), [code]);
  }

  private candidatesFor(code: string): Offer[] {
    const { arrivalNeed, followUpNeed } = this.input.rules;
    const every = code === arrivalNeed ? 'arrival' : code === followUpNeed ? 'case-end' : undefined;
    const triggered = this.offers.filter((o) => (every ? o.every === every : o.for.includes(code)));
    const codes = triggered.map((o) => o.code);
    return this.offers.filter(
      (o) => triggered.includes(o) || o.equivalentTo?.some((stead) => codes.includes(stead)),
    );
  }

  /** What an unaccompanied child gets whatever was asked. */
  private protect(needed: boolean): void {
    const { rules } = this.input;
    for (const slot of rules.child.added) {
      if (!this.drafts.has(slot)) this.require(slot, needed ? [rules.child.need] : []);
    }
    this.require(idSlot(this.input, rules));
  }

  /** What the document that was given calls for, and what follows when its verification failed. */
  private verifyDocument(): void {
    const { profile, rules } = this.input;
    for (const offer of this.offers) {
      if (!offer.forDocuments?.includes(profile.documentType) || isAlternative(offer)) continue;
      if (offer.code === rules.id.verify && isMet('id', this.input, rules)) continue;
      if (this.isEligible(offer) && this.isAllowed(offer, offer.code)) this.add(offer, offer.code, []);
    }
    if (verificationFailed(this.input, rules)) this.require(rules.id.issue);
  }

  /** Sees to it that a required service is in the plan. */
  private require(slot: string, needs: readonly string[] = []): void {
    const drafted = this.drafts.has(slot) || [...this.drafts.values()].some((d) => d.service === slot);
    if (drafted) return;
    const existing = latestOf(this.input.referrals, slot);
    if (
      existing &&
      (existing.status === 'completed' || !isTerminal(existing)) &&
      existing.status !== 'planned'
    )
      return;
    const eligible = providersOf(this.offers, slot).filter((o) => this.isEligible(o));
    const provider = eligible.find((o) => this.isAllowed(o, slot));
    if (provider) this.add(provider, slot, needs);
    else if (eligible.length === 0) this.unoffered.add(slot);
  }

  private add(offer: Offer, slot: string, needs: readonly string[]): void {
    const { rules } = this.input;
    const drafted = this.drafts.get(slot);
    if (drafted) {
      this.drafts.set(slot, { ...drafted, needs: [...new Set([...drafted.needs, ...needs])] });
      return;
    }
    const draft = draftOf(this.input, offer, slot, needs);
    this.drafts.set(slot, draft);
    for (const code of prerequisitesOf(draft)) this.require(slotOf(code, this.input, rules));
  }

  private isEligible(offer: Offer): boolean {
    return isEligible(offer, this.input.profile, this.input.rules.home, this.input.now);
  }

  private isAllowed(offer: Offer, slot: string): boolean {
    return isAllowed(this.input, offer, slot);
  }
}

/** What must be in the plan because of a draft: also `id`, which a provisional one does not wait for. */
export function prerequisitesOf(draft: Pick<Draft, 'requires' | 'provisional'>): string[] {
  return draft.provisional ? [...draft.requires, 'id'] : [...draft.requires];
}

/** The slot of a service is its own, or the one that it stands in for. */
function slotFor(offer: Offer): string {
  return offer.equivalentTo?.[0] ?? offer.code;
}

/** The same service of several agencies is one slot: the first agency is asked first. */
function onePerService(offers: readonly Offer[]): Offer[] {
  return offers.filter((offer, i) => offers.findIndex((o) => o.code === offer.code) === i);
}
