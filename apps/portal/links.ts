/** Links to one person's page: whoever has one may see and do what it says there, until it expires or is revoked. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@retorno/messaging';
import { CLOCK, page, problem, type Page } from '@retorno/service';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Language } from './texts/texts';

/** Random bytes of a token: 160 bits, 27 characters. */
const TOKEN_BYTES = 20;
const DAY_MS = 86_400_000;

/** A link as operations see it; its token is shown once, when it is made. */
interface LinkView {
  id: string;
  caseId: string;
  language: Language;
  createdAt: string;
  expiresAt: string;
  revokedAt: string | null;
  revokeReason: string | null;
}

/** What a token opens. */
export interface OpenLink {
  id: string;
  caseId: string;
  language: Language;
}

interface LinkRow {
  id: string;
  case_id: string;
  language: Language;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
  revoke_reason: string | null;
}

@Injectable()
export class Links {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A new link for `days` days. Links from before stay as they are. */
  async make(
    caseId: string,
    language: Language,
    days: number,
  ): Promise<{ id: string; token: string; expiresAt: string }> {
    const id = uuidv7();
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + days * DAY_MS).toISOString();
    await this.dataSource.query(
      'insert into link (id, token_hash, case_id, language, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)',
      [id, hashOf(token), caseId, language, now.toISOString(), expiresAt],
    );
    return { id, token, expiresAt };
  }

  /**
   * What a token opens now. A wrong, an expired and a revoked one are told apart by nothing: each is one look-up by hash,
   * and undefined.
   */
  async open(token: string): Promise<OpenLink | undefined> {
    const [row]: LinkRow[] = await this.dataSource.query('select * from link where token_hash = $1', [
      hashOf(token),
    ]);
    const isOpen = row !== undefined && row.revoked_at === null && row.expires_at > this.clock.now();
    return isOpen ? { id: row.id, caseId: row.case_id, language: row.language } : undefined;
  }

  /** The links of a case, newest first. */
  async ofCase(caseId: string, query: { cursor?: string; limit?: string }): Promise<Page<LinkView>> {
    const limit = page.limit(query.limit);
    const before = page.decode(query.cursor)?.[0] ?? null;
    if (before !== null && !isUuid(before)) {
      throw problem(400, 'bad-cursor', 'cursor must be the `next` of an earlier answer of the same list.');
    }
    // The ids rise with time.
    const rows: LinkRow[] = await this.dataSource.query(
      `select * from link where case_id = $1 and ($2::uuid is null or id < $2::uuid) order by id desc limit $3`,
      [caseId, before, limit + 1],
    );
    const found = page.of(rows, limit, (last) => [last.id]);
    return { next: found.next, items: found.items.map(viewOf) };
  }

  /** Ends a link at once; one that is revoked stays as it is. Throws problem 404. */
  async revoke(id: string, reason: string): Promise<LinkView> {
    const now = this.clock.now().toISOString();
    await this.dataSource.query(
      'update link set revoked_at = $2, revoke_reason = $3 where id = $1 and revoked_at is null',
      [id, now, reason],
    );
    const [row]: LinkRow[] = await this.dataSource.query('select * from link where id = $1', [id]);
    if (!row) throw problem(404, 'link-not-found', 'There is no link with this id.');
    return viewOf(row);
  }
}

/** What a page's forms carry so that no other site can send them: it follows from the link, which no other site knows. */
export function formKeyOf(token: string): string {
  return createHmac('sha256', token).update('form').digest('base64url');
}

/** Whether a form came from a page of this link. */
export function isFormOf(token: string, sent: string): boolean {
  const [a, b] = [Buffer.from(formKeyOf(token)), Buffer.from(sent)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

function viewOf(row: LinkRow): LinkView {
  return {
    id: row.id,
    caseId: row.case_id,
    language: row.language,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    revokeReason: row.revoke_reason,
  };
}
