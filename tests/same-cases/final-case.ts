/** A case without what each system draws for itself: ids, numbers and instants. Equal in two systems when the outcome is. */
import type { Case, Escalation, Referral } from '../support/case-view';

/** A referral as its agency's worklist shows it. */
export interface AgencyItem {
  id: string;
  service: string;
  status: string;
  businessStatus?: string;
  code?: string;
  basis: string;
  provisional: boolean;
  cancellationRequested?: { reason: string };
  information?: string;
  returnee: Record<string, unknown>;
}

/** By a name that both systems share, one line that says how it stands. */
export type FinalCase = Record<string, string>;

/** `agencies`: what agencies know, by referral id; `externalIds`: by case id. */
export function finalCase(
  file: Case,
  agencies: ReadonlyMap<string, AgencyItem>,
  externalIds: ReadonlyMap<string, string>,
): FinalCase {
  const lines: FinalCase = { case: `${file.status}, consent ${file.consent}` };
  for (const { code, status, reason } of file.needs) lines[`need ${code}`] = `${status} ${reason ?? ''}`;
  for (const referral of file.referrals) {
    const item = agencies.get(referral.id);
    lines[`referral ${shortName(referral)}`] = referralLine(referral);
    lines[`agency ${shortName(referral)}`] = item ? agencyLine(item) : 'never heard of it';
  }
  const escalations = file.escalations.map((e) => escalationLine(e, file, externalIds)).toSorted();
  escalations.forEach((line, i) => (lines[`escalation ${i + 1}`] = line));
  return lines;
}

function shortName({ agency, service, attempt }: Referral): string {
  return `${agency}/${service} #${attempt}`;
}

function referralLine(r: Referral): string {
  return JSON.stringify({
    status: r.status,
    businessStatus: r.businessStatus,
    code: r.code,
    basis: r.basis,
    provisional: r.provisional,
    requires: r.requires.toSorted(),
    needs: r.needs.toSorted(),
    sent: r.requestedAt !== null,
    toConfirm: r.confirmBy !== null,
    cancellation: r.cancellation?.reason ?? null,
  });
}

/** Which fields are disclosed, not what stands in them: a code name differs, and a paper is carried by what is sent after it. */
function agencyLine(item: AgencyItem): string {
  return JSON.stringify({
    status: item.status,
    businessStatus: item.businessStatus ?? null,
    code: item.code ?? null,
    basis: item.basis,
    // Of one that it turned down an agency hears no more: it knows what it knew then.
    provisional: ['rejected', 'failed', 'cancelled'].includes(item.status) ? null : item.provisional,
    cancellation: item.cancellationRequested?.reason ?? null,
    information: item.information ?? null,
    sees: Object.keys(item.returnee)
      .filter((field) => field !== 'documentNumber')
      .toSorted(),
  });
}

function escalationLine(e: Escalation, file: Case, externalIds: ReadonlyMap<string, string>): string {
  const named = new Map(file.referrals.map((r) => [r.id, shortName(r)]));
  const detail = Object.entries(e.detail)
    // Who depended on a prerequisite is told as it was when the escalation was raised.
    .filter(([name]) => name !== 'otherCaseNumber' && name !== 'dependents')
    .map(([name, value]) => `${name}=${named.get(value) ?? externalIds.get(value) ?? sorted(value)}`)
    .toSorted();
  const subject = named.get(e.referralId ?? '') ?? e.group ?? '';
  return `${e.reason} ${e.status} ${subject} ${detail.join(' ')}`;
}

function sorted(list: string): string {
  return list.split(',').toSorted().join(',');
}
