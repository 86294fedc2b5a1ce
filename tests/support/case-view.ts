/** A case as GET /cases/{id} shows it, whole, and how stories look at it. */

export interface Referral {
  id: string;
  agency: string;
  service: string;
  attempt: number;
  needs: string[];
  status: string;
  businessStatus: string | null;
  basis: string;
  provisional: boolean;
  requires: string[];
  requestedAt: string | null;
  ackDueAt: string | null;
  dueAt: string | null;
  office: { code: string; name: string } | null;
  notBefore: string | null;
  confirmBy: string | null;
  correctedAt: string | null;
  underCase: string | null;
  cancellation: { requestedAt: string; dueAt: string; reason: string } | null;
  code: string | null;
}

export interface Escalation {
  id: string;
  reason: string;
  status: string;
  referralId: string | null;
  group: string | null;
  detail: Record<string, string>;
}

export interface TimelineEntry {
  at: string;
  actor: string;
  type: string;
  cause: string;
  detail: Record<string, any>;
}

export interface Case {
  id: string;
  number: string;
  status: string;
  openedAt: string;
  closedAt: string | null;
  mergedInto: { id: string; number: string } | null;
  mergedFrom: { id: string; number: string }[];
  consent: string;
  stage: string | null;
  arrivalDate: string | null;
  needs: { id: string; code: string; status: string; reason: string | null }[];
  referrals: Referral[];
  escalations: Escalation[];
  timeline: TimelineEntry[];
}

/** The latest referral of a case to a service; throws when there is none. */
export function referralOf(of: Case, service: string): Referral {
  const found = of.referrals.filter((referral) => referral.service === service).at(-1);
  if (!found) throw new Error(`the case has no referral to ${service}: ${shown(of).join(', ')}`);
  return found;
}

/** `agency/service status` of each referral, sorted. */
export function shown(of: Case): string[] {
  return of.referrals.map((r) => `${r.agency}/${r.service} ${r.status}`).sort();
}

/** How a need stands: `open`, `settled/confirmed`, `unmet/no-provider`; undefined when the case has no such need. */
export function needOf(of: Case, code: string): string | undefined {
  const need = of.needs.find((n) => n.code === code);
  return need && (need.reason ? `${need.status}/${need.reason}` : need.status);
}

/** Reasons of the escalations that a person must still look at. */
export function openEscalations(of: Case): string[] {
  return of.escalations
    .filter((escalation) => escalation.status !== 'resolved')
    .map((escalation) => escalation.reason)
    .sort();
}
