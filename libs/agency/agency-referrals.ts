/** The agency's worklist and its answers: what stands between the HTTP interface and the rules. */
import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { answersTopic, ReferralAnswered, type AnswerBody, type AnswerStatus } from '@retorno/contracts';
import { Messaging, type UnitOfWork } from '@retorno/messaging';
import { page, problem } from '@retorno/service';
import { detailOf } from './answer-fields';
import type { AgencyDefinition } from './definition';
import { answer, OPEN_STATUSES, possibleNext, type AgencyReferral } from './referral';
import { referralView, worklistItem } from './referral-view';
import { idempotencyStore, referralStore } from './stores';

/** Injection token of the agency's definition. */
export const AGENCY = Symbol('agency');

/** Which referrals to list. */
export interface WorklistFilter {
  status?: AnswerStatus;
  service?: string;
  overdue?: boolean;
  cursor?: string;
  limit?: string;
}

@Injectable()
export class AgencyReferrals {
  constructor(
    @Inject(AGENCY) private readonly agency: AgencyDefinition,
    private readonly messaging: Messaging,
  ) {}

  /** The worklist, oldest first. */
  async list(filter: WorklistFilter) {
    const limit = page.limit(filter.limit);
    const now = this.messaging.clock.now();
    const params: unknown[] = [];
    const param = (value: unknown) => `$${params.push(value)}`;
    const where: string[] = [];
    if (filter.status) where.push(`status = ${param(filter.status)}`);
    if (filter.service) where.push(`service = ${param(filter.service)}`);
    if (filter.overdue !== undefined) {
      const at = `${param(now)}::timestamptz`;
      const open = `status = any(${param([...OPEN_STATUSES])}::text[])`;
      const late = `(${open} and (due_at < ${at} or (status = 'received' and ack_due_at < ${at})))`;
      where.push(filter.overdue ? late : `not ${late}`);
    }
    const after = placeOf(filter.cursor);
    if (after) where.push(`(requested_at, key) > (${param(after[0])}::timestamptz, ${param(after[1])})`);
    const rows: { body: string }[] = await this.messaging.dataSource.query(
      `select body from referral ${where.length ? `where ${where.join(' and ')}` : ''}
       order by requested_at, key limit ${param(limit + 1)}`,
      params,
    );
    const referrals = rows.map((row) => JSON.parse(row.body) as AgencyReferral);
    const { items, next } = page.of(referrals, limit, (last) => [last.requestedAt, last.id]);
    return { items: items.map((referral) => worklistItem(this.agency.slug, referral, now)), next };
  }

  /** How many referrals stand in which status, and how many of the open ones are past a deadline. */
  async summary(): Promise<{ byStatus: Record<string, number>; overdue: number }> {
    const rows: { status: string; count: number; late: number }[] = await this.messaging.dataSource.query(
      `select status, count(*)::int as count,
         count(*) filter (where status = any($2::text[])
           and (due_at < $1 or (status = 'received' and ack_due_at < $1)))::int as late
       from referral group by status order by status`,
      [this.messaging.clock.now(), [...OPEN_STATUSES]],
    );
    return {
      byStatus: Object.fromEntries(rows.map((row) => [row.status, row.count])),
      overdue: rows.reduce((sum, row) => sum + row.late, 0),
    };
  }

  /** One referral. Throws problem 404. */
  async get(id: string) {
    if (!isKey(id)) throw notFound();
    const rows: { body: string }[] = await this.messaging.dataSource.query(
      'select body from referral where key = $1',
      [id],
    );
    if (!rows[0]) throw notFound();
    return this.view(JSON.parse(rows[0].body) as AgencyReferral, this.messaging.clock.now());
  }

  /**
   * Takes an answer of the agency's staff and gives back the referral as it is then. The same answer under the same
   * idempotency key gives the same response again; only answers that were taken are remembered.
   */
  async answer(id: string, body: AnswerBody, idempotencyKey: string | undefined): Promise<unknown> {
    if (!isKey(id)) throw notFound();
    const hash = hashOf(id, body);
    const loads = [{ store: referralStore, key: id }];
    const remembered = idempotencyKey === undefined ? [] : [{ store: idempotencyStore, key: idempotencyKey }];
    return this.messaging.command([...loads, ...remembered], (unit) => {
      const before = idempotencyKey === undefined ? undefined : unit.get(idempotencyStore, idempotencyKey);
      if (before && before.hash !== hash) {
        const detail = 'This Idempotency-Key was used for another answer. Send this one under a new key.';
        throw problem(422, 'idempotency-key-reuse', detail);
      }
      if (before) return before.response;
      const response = this.take(unit, id, body);
      if (idempotencyKey !== undefined) {
        unit.set(idempotencyStore, idempotencyKey, { hash, response, storedAt: unit.now.toISOString() });
      }
      return response;
    });
  }

  private take(unit: UnitOfWork, id: string, body: AnswerBody) {
    const referral = unit.get(referralStore, id);
    if (!referral) throw notFound();
    const result = answer(referral, body, unit.now);
    if ('refused' in result) {
      const { refused, detail, possible, errors } = result;
      if (refused === 'invalid-answer') throw problem(422, refused, detail, { errors, possible });
      throw problem(409, refused, detail, { currentStatus: referral.status, possible });
    }
    const errors = this.agency.objections?.(referral, body) ?? [];
    if (errors.length > 0) {
      throw problem(422, 'invalid-answer', detailOf(errors), { errors, possible: possibleNext(referral) });
    }
    unit.set(referralStore, id, result.referral);
    unit.publish({
      topic: answersTopic(this.agency.slug),
      key: referral.caseRef,
      contract: ReferralAnswered,
      data: result.answered,
    });
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

/** The place in the list that a cursor stands for. */
function placeOf(cursor: string | undefined): [string, string] | undefined {
  const values = page.decode(cursor);
  if (!values) return undefined;
  const [requestedAt, id] = values;
  if (
    typeof requestedAt !== 'string' ||
    !/^\d{4}-/.test(requestedAt) ||
    isNaN(Date.parse(requestedAt)) ||
    typeof id !== 'string' ||
    !isKey(id)
  ) {
    throw problem(400, 'bad-cursor', 'The cursor is not one of this list: start again without it.');
  }
  return [new Date(requestedAt).toISOString(), id];
}

/** Equal for answers that say the same, whatever the order of their fields. */
function hashOf(id: string, body: AnswerBody): string {
  const sorted = (value: unknown): unknown =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, v]) => [name, sorted(v)])
      : value;
  return createHash('sha256')
    .update(JSON.stringify([id, sorted(body)]))
    .digest('base64url');
}
