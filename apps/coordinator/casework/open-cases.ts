/**
 * What lists ask of open cases, apart from their documents: who owes an answer and from when it is late. It changes with
 * almost every answer, so it has no index; narrow rows are read whole instead, and updated in place.
 *
 * As columns of case_file, 100,000 open cases among 1,000,000 took 450 ms to look through; apart, see docs/reference/scale.md.
 */
import { arrayLiteral, type Change } from '@retorno/messaging';
import type { EntityManager } from 'typeorm';
import { isSent, type CaseState } from '../saga/case';
import { pausedAgencies } from '../saga/plan/paused';

/** Each agency that owes a case an answer, with when it is late; an instant as text sorts as an instant. */
export const AGENCIES_DUE = 'unnest(agencies, agencies_due) as owed(agency, due)';

interface Line {
  readonly number: string;
  readonly status: string;
  readonly openedAt: string;
  /** Agencies that owe this case an answer. */
  readonly agencies: readonly string[];
  /** For each of them, from when it is late; '' while it has no deadline. */
  readonly agenciesDue: readonly string[];
  /** What it waits for beside agencies: the returnee's word on a delivery, or a consent. */
  readonly awaits: readonly string[];
  readonly overdueAt: string | undefined;
  /** Somebody has to look at it. */
  readonly escalated: boolean;
  /** Paused agencies for which something is ready. */
  readonly heldBy: readonly string[];
  /** What was sent and not yet received: `<agency> <instant>`. */
  readonly unread: readonly string[];
}

/** In the transaction that saves the cases: a line for each that is open, none for the others. */
export async function writeOpenCases(
  tx: EntityManager,
  changes: readonly Change<{ readonly state: CaseState; readonly offers?: string }>[],
): Promise<void> {
  const ended = changes.filter(({ before, after }) => before && isOpen(before.state) && !isOpen(after.state));
  if (ended.length > 0)
    await tx.query('delete from open_case where key = any($1)', [ended.map(({ key }) => key)]);
  const lines = changes.flatMap(({ key, before, after }) => {
    if (!isOpen(after.state)) return [];
    if (before && isSame(before.state, after.state)) return [];
    return [{ key, offers: after.offers ?? '', ...lineOf(after.state) }];
  });
  if (lines.length === 0) return;
  await tx.query(
    `insert into open_case (key, number, status, opened_at, agencies, agencies_due, awaits, overdue_at, escalated, held_by,
       unread, offers)
     select key, number, status, opened_at, agencies::text[], agencies_due::text[], awaits::text[], overdue_at,
       escalated, held_by::text[], unread::text[], offers
     from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[],
         $8::timestamptz[], $9::boolean[], $10::text[], $11::text[], $12::text[])
       as x(key, number, status, opened_at, agencies, agencies_due, awaits, overdue_at, escalated, held_by, unread, offers)
     order by key
     on conflict (key) do update set status = excluded.status, opened_at = excluded.opened_at,
       agencies = excluded.agencies, agencies_due = excluded.agencies_due, awaits = excluded.awaits,
       overdue_at = excluded.overdue_at, escalated = excluded.escalated, held_by = excluded.held_by,
       unread = excluded.unread`,
    [
      lines.map((line) => line.key),
      lines.map((line) => line.number),
      lines.map((line) => line.status),
      lines.map((line) => line.openedAt),
      lines.map((line) => arrayLiteral(line.agencies)),
      lines.map((line) => arrayLiteral(line.agenciesDue)),
      lines.map((line) => arrayLiteral(line.awaits)),
      lines.map((line) => line.overdueAt ?? null),
      lines.map((line) => line.escalated),
      lines.map((line) => arrayLiteral(line.heldBy)),
      lines.map((line) => arrayLiteral(line.unread)),
      lines.map((line) => line.offers),
    ],
  );
}

function isOpen({ status }: CaseState): boolean {
  return status === 'open' || status === 'closing';
}

/** All of a line comes of these. */
function isSame(before: CaseState, after: CaseState): boolean {
  return (
    before.referrals === after.referrals &&
    before.status === after.status &&
    isEscalated(before) === isEscalated(after)
  );
}

function lineOf(state: CaseState): Line {
  const agencies = [...new Set(state.referrals.filter(isSent).map((referral) => referral.agency))];
  return {
    number: state.number,
    status: state.status,
    openedAt: state.openedAt,
    agencies,
    agenciesDue: agencies.map((slug) => lateFrom(state, slug) ?? ''),
    awaits: awaited(state),
    overdueAt: lateFrom(state),
    escalated: isEscalated(state),
    heldBy: pausedAgencies(state),
    unread: unread(state),
  };
}

function isEscalated({ escalations }: CaseState): boolean {
  return escalations.some(({ resolvedAt }) => resolvedAt === undefined);
}

function unread(state: CaseState): string[] {
  return state.referrals
    .filter((r) => r.status === 'requested')
    .map(({ agency, requestedAt = '' }) => `${agency} ${requestedAt}`);
}

function awaited(state: CaseState): string[] {
  const waits = new Set<string>();
  for (const referral of state.referrals) {
    if (referral.confirmBy !== undefined) waits.add('confirmation');
    if (referral.status === 'planned' && referral.businessStatus === 'awaiting-consent') waits.add('consent');
  }
  return [...waits];
}

/** The earliest moment at which an agency, or this one, is, or will be, late with an answer. */
function lateFrom(state: CaseState, agency?: string): string | undefined {
  const moments = state.referrals
    .filter((r) => isSent(r) && (agency === undefined || r.agency === agency))
    .flatMap((r) => {
      if (r.cancellation) return [r.cancellation.dueAt];
      return [r.acknowledgedAt ? undefined : r.ackDueAt, r.dueAt].filter((at) => at !== undefined);
    });
  return moments.sort()[0];
}
