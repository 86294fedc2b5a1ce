/** Every case is at its end, waits for a moment that will come, or is somebody's task; and both sides know the same referrals. */
import { requestsTopic } from '@retorno/contracts';
import type { Findings } from './report';
import type { Snapshot } from './snapshot';
import type { Reached } from './streams';

/** A case's document as the coordinator keeps it, as far as it is looked at. */
interface CaseFile {
  state: {
    number: string;
    status: string;
    referrals: {
      id: string;
      agency: string;
      service: string;
      slot: string;
      status: string;
      requestedAt?: string;
      cancellation?: object;
    }[];
    escalations: { id: string; resolvedAt?: string }[];
  };
  dueAt?: string;
}

/** Where a referral was asked for: the place of its request in the agency's stream. */
interface Asked {
  topic: string;
  key: string;
  seq: number;
}

const ENDED = ['rejected', 'completed', 'failed', 'cancelled'];

export interface CaseCheckOptions {
  /** The clock that deadlines are measured by. */
  now: Date;
  /** How late a timer may be before it counts as forgotten, ms. */
  lateMs: number;
}

/** Checks all cases; does nothing in a database without a coordinator. */
export async function checkCases(
  snapshot: Snapshot,
  reached: Reached,
  options: CaseCheckOptions,
  findings: Findings,
): Promise<void> {
  if (!snapshot.services.includes('coordinator') || !(await snapshot.has('coordinator', 'case_file'))) return;
  const timers = await timersOf(snapshot, options, findings);
  const escalations = await openEscalations(snapshot);
  const referrals = new ReferralCheck(
    await askedReferrals(snapshot),
    await knownReferrals(snapshot),
    reached,
  );
  const cases = new Set<string>();
  const sql = 'select key, body from case_file';
  for await (const { key, body } of snapshot.each<{ key: string; body: string }>('coordinator', sql)) {
    const file = JSON.parse(body) as CaseFile;
    cases.add(key);
    findings.count('cases');
    checkWaiting(file, timers.get(key), escalations.get(key) ?? new Set(), findings);
    checkSlots(file, findings);
    for (const referral of file.state.referrals) referrals.check(file.state.number, referral, findings);
  }
  referrals.checkRest(findings);
  await checkRows(snapshot, cases, reached, findings);
}

/** The moments at which cases are looked at again, ms by case. */
async function timersOf(
  snapshot: Snapshot,
  { now, lateMs }: CaseCheckOptions,
  findings: Findings,
): Promise<Map<string, number>> {
  const rows = await snapshot.rows<{ name: string; key: string; due_at: Date; attempts: number }>(
    'coordinator',
    'select name, key, due_at, attempts from timer',
  );
  for (const { name, key, due_at: due, attempts } of rows) {
    // From the third failure on it is listed beside the parked messages.
    if (attempts < 3 && due.getTime() < now.getTime() - lateMs) {
      findings.problem(`timer ${name} of ${key}: was due at ${due.toISOString()} and did not fire`);
    }
  }
  return new Map(rows.filter((row) => row.name === 'case').map((row) => [row.key, row.due_at.getTime()]));
}

async function openEscalations(snapshot: Snapshot): Promise<Map<string, Set<string>>> {
  const rows = await snapshot.rows<{ id: string; case_id: string }>(
    'coordinator',
    `select id, case_id from escalation where status <> 'resolved'`,
  );
  const byCase = new Map<string, Set<string>>();
  for (const row of rows) byCase.set(row.case_id, (byCase.get(row.case_id) ?? new Set()).add(row.id));
  return byCase;
}

function checkWaiting(
  { state, dueAt }: CaseFile,
  timer: number | undefined,
  listed: ReadonlySet<string>,
  findings: Findings,
): void {
  const name = `case ${state.number}`;
  if (dueAt !== undefined && timer === undefined) {
    findings.problem(`${name}: waits for ${dueAt} and has no timer: forgotten`);
  } else if (dueAt !== undefined && timer! > Date.parse(dueAt)) {
    findings.problem(`${name}: waits for ${dueAt} and its timer is set for later`);
  }
  const open = state.escalations.filter((escalation) => !escalation.resolvedAt);
  for (const { id } of open) {
    if (!listed.has(id)) findings.problem(`${name}: its escalation ${id} is open and not listed`);
  }
  if (listed.size > open.length) findings.problem(`${name}: more escalations are listed than are open`);
  const ended = state.status === 'completed' || state.status === 'closed';
  if (!ended && timer === undefined && open.length === 0) {
    findings.problem(`${name}: is ${state.status}, waits for no moment, and nobody is told: forgotten`);
  }
}

function checkSlots({ state }: CaseFile, findings: Findings): void {
  // One that is being recalled may be followed by another.
  const open = state.referrals.filter((r) => !ENDED.includes(r.status) && !r.cancellation);
  const slots = new Set(open.map((referral) => referral.slot));
  if (slots.size < open.length)
    findings.problem(`case ${state.number}: two referrals are open for one service of its plan`);
}

/** The requests that the coordinator wrote, by referral. */
async function askedReferrals(snapshot: Snapshot): Promise<Map<string, Asked[]>> {
  const asked = new Map<string, Asked[]>();
  const sql = `
    select topic, key, key_seq as seq, envelope::json -> 'data' ->> 'referralId' as id from event_log
    where topic like 'referrals.%.requests.v1' and envelope::json ->> 'type' = 'retorno.referral-requested.v1'`;
  type Row = { topic: string; key: string; seq: string; id: string };
  for await (const { id, topic, key, seq } of snapshot.each<Row>('coordinator', sql)) {
    asked.set(id, [...(asked.get(id) ?? []), { topic, key, seq: Number(seq) }]);
  }
  return asked;
}

/** The referrals that each agency knows: id to service. */
async function knownReferrals(snapshot: Snapshot): Promise<Map<string, Map<string, string>>> {
  const known = new Map<string, Map<string, string>>();
  for (const agency of snapshot.services) {
    if (!(await snapshot.has(agency, 'referral'))) continue;
    const referrals = new Map<string, string>();
    const sql = 'select key, service from referral';
    for await (const row of snapshot.each<{ key: string; service: string }>(agency, sql)) {
      referrals.set(row.key, row.service);
    }
    known.set(agency, referrals);
  }
  return known;
}

/** What the coordinator sent against what the agencies have. */
class ReferralCheck {
  constructor(
    private readonly asked: ReadonlyMap<string, readonly Asked[]>,
    private readonly known: ReadonlyMap<string, Map<string, string>>,
    private readonly reached: Reached,
  ) {}

  check(number: string, referral: CaseFile['state']['referrals'][number], findings: Findings): void {
    const { id, agency, service } = referral;
    const name = `case ${number}: referral ${id} to ${agency}`;
    const asked = this.asked.get(id) ?? [];
    if (!referral.requestedAt) {
      if (asked.length > 0) findings.problem(`${name}: was asked for and counts as not sent`);
      return;
    }
    findings.count('referrals');
    if (asked.length !== 1) findings.problem(`${name}: was asked for ${asked.length} times instead of once`);
    const request = asked[0];
    if (!request || !this.known.has(agency)) return;
    if (request.topic !== requestsTopic(agency))
      findings.problem(`${name}: was asked for on ${request.topic}`);
    const known = this.known.get(agency)?.get(id);
    this.known.get(agency)?.delete(id);
    const arrived = this.reached(agency, request.topic, request.key) >= request.seq;
    if (arrived && known === undefined)
      findings.problem(`${name}: the agency took the request and does not know it`);
    if (known !== undefined && known !== service) findings.problem(`${name}: the agency has it as ${known}`);
  }

  /** Each referral is known to its agency alone. */
  checkRest(findings: Findings): void {
    for (const [agency, referrals] of this.known) {
      for (const id of referrals.keys()) {
        findings.problem(`${agency}: knows referral ${id}, which no case has sent to it`);
      }
    }
  }
}

/** Every accepted row of a manifest is one case, and every case one returnee. */
async function checkRows(
  snapshot: Snapshot,
  cases: ReadonlySet<string>,
  reached: Reached,
  findings: Findings,
): Promise<void> {
  if (!(await snapshot.has('intake', 'returnee'))) return;
  const unread = await snapshot.rows<{ id: string }>(
    'intake',
    `select id from manifest where status = 'processing'`,
  );
  findings.count('inFlight', unread.length);
  const orphans = await snapshot.rows<{ manifest_id: string; line: number }>(
    'intake',
    `select manifest_id, line from manifest_row r where result <> 'rejected'
       and not exists (select from returnee where id = r.returnee_id) limit 100`,
  );
  for (const row of orphans)
    findings.problem(`manifest ${row.manifest_id}: accepted line ${row.line} has no returnee`);
  const registered = new Set<string>();
  const sql = 'select case_id, case_number from returnee';
  for await (const row of snapshot.each<{ case_id: string; case_number: string }>('intake', sql)) {
    registered.add(row.case_id);
    const arrived = reached('coordinator', 'intake.returnees.v1', row.case_id) >= 1;
    if (arrived && !cases.has(row.case_id)) {
      findings.problem(`case ${row.case_number}: was registered and handled, and does not exist`);
    }
  }
  for (const id of cases) {
    if (!registered.has(id)) findings.problem(`case ${id}: belongs to no returnee`);
  }
}
