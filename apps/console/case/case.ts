/** A case as this screen reads it: what the coordinator answers to `/cases/{id}` and `/cases/{id}/outlook`. Instants are RFC 3339. */
import type { Named } from '../agencies/catalogues';

export interface ShownCase {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly closeReason: string | null;
  readonly mergedInto: { readonly number: string } | null;
  readonly mergedFrom: readonly { readonly number: string }[];
  readonly consent: string;
  readonly stage: string | null;
  /** `YYYY-MM-DD`. */
  readonly arrivalDate: string | null;
  readonly erasedAt?: string;
  /** Until when what is restricted is shown to who looks; null while it is not. */
  readonly unmaskedUntil: string | null;
  readonly needs: readonly { id: string; code: string; status: string; reason: string | null }[];
  readonly referrals: readonly ShownReferral[];
  readonly escalations: readonly ShownEscalation[];
  /** Oldest first. */
  readonly timeline: readonly TimelineEntry[];
}

export interface ShownReferral {
  readonly id: string;
  readonly agency: string;
  readonly agencyName: string | null;
  readonly service: string;
  readonly title: { readonly es: string; readonly en: string } | null;
  readonly attempt: number;
  readonly needs: readonly string[];
  readonly status: string;
  readonly businessStatus: string | null;
  /** Since when it waits for its agency, which operations have paused. */
  readonly pausedSince: string | null;
  readonly basis: string;
  readonly provisional: boolean;
  readonly requestedAt: string | null;
  readonly ackDueAt: string | null;
  readonly dueAt: string | null;
  readonly acknowledgedAt: string | null;
  readonly endedAt: string | null;
  readonly scheduledFor: string | null;
  readonly office: { readonly name: string } | null;
  readonly confirmBy: string | null;
  readonly cancellation: { readonly requestedAt: string; readonly dueAt: string } | null;
  readonly code: string | null;
  readonly result: string | null;
}

export interface ShownEscalation {
  readonly id: string;
  readonly reason: string;
  readonly status: 'open' | 'claimed' | 'resolved';
  readonly referralId: string | null;
  readonly detail: Readonly<Record<string, string>>;
  readonly raisedAt: string;
  readonly dueAt: string;
}

export interface TimelineEntry {
  readonly at: string;
  readonly actor: string;
  readonly type: string;
  readonly cause: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Timer {
  readonly at: string;
  readonly what: string;
  readonly referralId?: string;
  readonly reason?: string;
}

export interface Prerequisite {
  readonly service: string;
  readonly referralId: string | null;
  readonly state: 'met' | 'waived' | 'awaited';
  readonly gate: boolean;
}

export interface ReferralOutlook {
  readonly expectedAt: string | null;
  readonly possible: readonly string[];
  readonly providers: readonly { readonly agency: string; readonly name: string }[];
  readonly prerequisites: readonly Prerequisite[];
  /** Until when its agency is in maintenance now. */
  readonly maintenanceUntil?: string | null;
}

export interface Outlook {
  readonly asOf: string;
  readonly since: string;
  readonly expectedAt: string | null;
  readonly critical: readonly string[];
  readonly timers: readonly Timer[];
  readonly possible: readonly string[];
  readonly household: string | null;
  readonly referrals: Readonly<Record<string, ReferralOutlook>>;
}

/** A line of `/cases/{id}/disclosures`. */
export interface ShownDisclosure {
  readonly at: string;
  readonly agency: string;
  readonly service: string;
  readonly referralId: string;
  readonly sent: readonly string[];
  readonly basis: string;
  readonly purpose: string | null;
}

/** All that the page of one case is made of. */
export interface CaseFile {
  readonly shown: ShownCase;
  readonly outlook: Outlook;
  /** Names of agencies and services that none of its referrals has. */
  readonly catalogues: readonly Named[];
}

const ENDED = ['rejected', 'completed', 'failed', 'cancelled'];

/** True when nothing more can follow. */
export function hasEnded({ status }: Pick<ShownReferral, 'status'>): boolean {
  return ENDED.includes(status);
}

/** True when an agency owes an answer. */
export function isSent(referral: Pick<ShownReferral, 'status'>): boolean {
  return referral.status !== 'planned' && !hasEnded(referral);
}

/** What is known of a referral beyond what it is; nothing when it changed between the two questions. */
export function outlookFor({ outlook }: CaseFile, id: string): ReferralOutlook {
  return outlook.referrals[id] ?? { expectedAt: null, possible: [], providers: [], prerequisites: [] };
}
