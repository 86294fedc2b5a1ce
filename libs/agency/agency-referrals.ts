/** The agency's worklist and its answers: what stands between the HTTP interface and the rules. */
import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { AnswerBody, AnswerStatus, CorrectionBody } from '@retorno/contracts';
import { Messaging, type UnitOfWork } from '@retorno/messaging';
import { page, problem } from '@retorno/service';
import { correct } from './correction';
import { outcomeRulesOf, type Handled } from './deciding';
import type { AgencyDefinition } from './definition';
import { AGENCY, Desk } from './desk';
import { OPEN_STATUSES, type AgencyReferral, type Priority, type Refusal } from './referral';
import { referralView, worklistItem } from './referral-view';
import { handleAnswer } from './requests';
import { documentsOf, idempotencyStore, referralStore } from './stores';

/** Which referrals to list. */
export interface WorklistFilter {
  status?: AnswerStatus;
  service?: string;
  priority?: Priority;
  /** Code of an office. */
  office?: string;
  overdue?: boolean;
  /** Whether the agency still owes something. */
  open?: boolean;
  cursor?: string;
  limit?: string;
}

/** How an agency stands, in figures. */
interface AgencySummary {
  byStatus: Record<string, number>;
  overdue: number;
  /** How many were rejected with which code. */
  rejections: Record<string, number>;
}

interface SummaryRow {
  status: string;
  code: string | null;
  count: number;
  late: number;
}

@Injectable()
export class AgencyReferrals {
  constructor(
    @Inject(AGENCY) private readonly agency: AgencyDefinition,
    private readonly desk: Desk,
    private readonly messaging: Messaging,
  ) {}

  /** The worklist: urgent ones first, each kind oldest first. */
  async list(filter: WorklistFilter) {
    const limit = page.limit(filter.limit);
    const now = this.messaging.clock.now();
    const params: unknown[] = [];
    const param = (value: unknown) => `$${params.push(value)}`;
    const where: string[] = [];
    if (filter.status) where.push(`status = ${param(filter.status)}`);
    if (filter.service) where.push(`service = ${param(filter.service)}`);
    if (filter.priority) where.push(`routine = ${param(filter.priority === 'routine')}`);
    if (filter.office) where.push(`office = ${param(filter.office)}`);
    if (filter.overdue !== undefined) {
      const at = `${param(now)}::timestamptz`;
      const open = `status = any(${param([...OPEN_STATUSES])}::text[])`;
      const late = `(${open} and (due_at < ${at} or (status = 'received' and ack_due_at < ${at})))`;
      where.push(filter.overdue ? late : `not ${late}`);
    }
    if (filter.open !== undefined) {
      where.push(`(status = any(${param([...OPEN_STATUSES])}::text[])) = ${param(filter.open)}::boolean`);
    }
    const after = placeOf(filter.cursor);
    if (after) {
      const [routine, requestedAt, id] = after;
      where.push(
        `(routine, requested_at, key) > (${param(routine)}, ${param(requestedAt)}::timestamptz, ${param(id)})`,
      );
    }
    const rows: { key: string; body: string }[] = await this.messaging.dataSource.query(
      `select key, body from referral ${where.length ? `where ${where.join(' and ')}` : ''}
       order by routine, requested_at, key limit ${param(limit + 1)}`,
      params,
    );
    const referrals = (await this.messaging.read(referralStore, rows)).filter((r) => r !== undefined);
    const { items, next } = page.of(referrals, limit, (last) => [
      last.priority === 'urgent' ? 0 : 1,
      last.requestedAt,
      last.id,
    ]);
    return { items: items.map((referral) => worklistItem(this.agency.slug, referral, now)), next };
  }

  /** How many referrals stand in which status, how many of the open ones are past a deadline, and why others were rejected. */
  async summary(): Promise<AgencySummary> {
    const rows: SummaryRow[] = await this.messaging.dataSource.query(
      `select status, code, count(*)::int as count,
         count(*) filter (where status = any($2::text[])
           and (due_at < $1 or (status = 'received' and ack_due_at < $1)))::int as late
       from referral group by status, code order by status, code`,
      [this.messaging.clock.now(), [...OPEN_STATUSES]],
    );
    const byStatus: Record<string, number> = {};
    const rejections: Record<string, number> = {};
    for (const { status, code, count } of rows) {
      byStatus[status] = (byStatus[status] ?? 0) + count;
      if (status === 'rejected' && code !== null) rejections[code] = count;
    }
    return { byStatus, overdue: rows.reduce((sum, row) => sum + row.late, 0), rejections };
  }

  /** One referral. Throws problem 404. */
  async get(id: string) {
    if (!isKey(id)) throw notFound();
    const rows: { key: string; body: string }[] = await this.messaging.dataSource.query(
      'select key, body from referral where key = $1',
      [id],
    );
    const [referral] = await this.messaging.read(referralStore, rows);
    if (!referral) throw notFound();
    return this.view(referral, this.messaging.clock.now());
  }

  /**
   * Takes an answer of the agency's staff and gives back the referral as it is then. The same answer under the same
   * idempotency key gives the same response again; only answers that were taken are remembered.
   */
  answer(id: string, body: AnswerBody, idempotencyKey: string | undefined): Promise<unknown> {
    return this.once(id, hashOf([id, body]), idempotencyKey, (referral, now) =>
      handleAnswer(this.agency, referral, body, now),
    );
  }

  /** Takes back a final answer, in the same way. */
  correct(id: string, body: CorrectionBody, idempotencyKey: string | undefined): Promise<unknown> {
    return this.once(id, hashOf(['correction', id, body]), idempotencyKey, (referral, now) => {
      const result = correct(referral, body, now, outcomeRulesOf(this.agency, referral));
      return 'refused' in result ? result : { ...result, answers: [] };
    });
  }

  private async once(
    id: string,
    hash: string,
    idempotencyKey: string | undefined,
    decide: (referral: AgencyReferral, now: Date) => Handled | Refusal,
  ): Promise<unknown> {
    if (!isKey(id)) throw notFound();
    const remembered = idempotencyKey === undefined ? [] : [{ store: idempotencyStore, key: idempotencyKey }];
    return this.messaging.command([...documentsOf(this.agency, id), ...remembered], (unit) => {
      const before = idempotencyKey === undefined ? undefined : unit.get(idempotencyStore, idempotencyKey);
      if (before && before.hash !== hash) {
        const detail = 'This Idempotency-Key was used for another answer. Send this one under a new key.';
        throw problem(422, 'idempotency-key-reuse', detail);
      }
      if (before) return before.response;
      const response = this.take(unit, id, decide);
      if (idempotencyKey !== undefined) {
        const storedAt = unit.now.toISOString();
        unit.set(idempotencyStore, idempotencyKey, { hash, caseRef: response.caseRef, response, storedAt });
      }
      return response;
    });
  }

  private take(
    unit: UnitOfWork,
    id: string,
    decide: (referral: AgencyReferral, now: Date) => Handled | Refusal,
  ) {
    const referral = unit.get(referralStore, id);
    if (!referral) throw notFound();
    const result = decide(referral, unit.now);
    if ('refused' in result) {
      const { refused, detail, possible, errors } = result;
      if (refused === 'invalid-answer') throw problem(422, refused, detail, { errors, possible });
      throw problem(409, refused, detail, { currentStatus: referral.status, possible });
    }
    this.desk.take(unit, referral, result);
    return this.view(result.referral, unit.now);
  }

  private view(referral: AgencyReferral, now: Date) {
    return referralView(this.agency.slug, referral, now);
  }
}

function notFound() {
  return problem(404, 'referral-not-found', 'This agency has no referral with this id.');
}

/** Ids are UUIDs; anything else in the path is no referral of ours. */
function isKey(id: string): boolean {
  return /^[\w-]{1,64}$/.test(id);
}

/** The place in the list that a cursor stands for: routine or not, the time of the request, the id. */
function placeOf(cursor: string | undefined): [boolean, string, string] | undefined {
  const values = page.decode(cursor);
  if (!values) return undefined;
  const [routine, requestedAt, id] = values;
  if (
    (routine !== 0 && routine !== 1) ||
    typeof requestedAt !== 'string' ||
    !/^\d{4}-/.test(requestedAt) ||
    isNaN(Date.parse(requestedAt)) ||
    typeof id !== 'string' ||
    !isKey(id)
  ) {
    throw problem(400, 'bad-cursor', 'The cursor is not one of this list: start again without it.');
  }
  return [routine === 1, new Date(requestedAt).toISOString(), id];
}

/** Equal for what says the same, whatever the order of its fields. */
function hashOf(said: unknown): string {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    return value !== null && typeof value === 'object'
      ? Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, v]) => [name, sorted(v)])
      : value;
  };
  return createHash('sha256')
    .update(JSON.stringify(sorted(said)))
    .digest('base64url');
}
