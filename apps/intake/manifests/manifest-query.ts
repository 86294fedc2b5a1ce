/** What the interface reads of manifests. */
import { Injectable } from '@nestjs/common';
import { Messaging } from '@retorno/messaging';
import { OwnRows, page, problem, type Page, type Rows } from '@retorno/service';
import { rowPlace, type ManifestError, type ManifestStatus, type ManifestSummary } from './manifest-table';
import { REFERENCES } from '../registration/references';
import { readReturnees } from '../registration/returnee-table';
import { isErased, registrationOf } from '../registration/registration';
import { isUuid } from '../fields/uuid';

/** A manifest with its first errors. */
export interface ManifestView extends ManifestSummary {
  errors: ManifestError[];
  /** Cursor for GET …/errors; null when all errors stand here. */
  errorsNext: string | null;
}

/** A row of the report. */
export interface ManifestRowView {
  line: number;
  externalId: string | null;
  result: string;
  returneeId: string | null;
  caseId: string | null;
  caseNumber: string | null;
}

/** So many errors are shown with the manifest itself. */
const ERRORS_SHOWN = 1000;

const SUMMARY = `id, status, received_at, finished_at, bytes, lines, through_line, created, updated, unchanged, rejected, refused_until`;

@Injectable()
export class ManifestQuery {
  constructor(
    private readonly own: OwnRows,
    private readonly messaging: Messaging,
  ) {}

  /** Newest first; of those whose sender registers for this authority only, or all. */
  async list(
    cursor: string | undefined,
    rawLimit: string | undefined,
    authority: string | undefined,
  ): Promise<Page<ManifestSummary>> {
    const limit = page.limit(rawLimit);
    const after = uuidFrom(cursor);
    const rows: SummaryRow[] = await this.own.of(authority).query(
      `select ${SUMMARY} from manifest
       where status <> 'receiving' and ($1::uuid is null or id < $1::uuid) and ($3::text is null or authority = $3)
       order by id desc limit $2`,
      [after ?? null, limit + 1, authority ?? null],
    );
    return page.of(rows.map(summaryOf), limit, (last) => [last.id]);
  }

  async get(id: string, authority: string | undefined): Promise<ManifestView> {
    const from = this.own.of(authority);
    const summary = await summaryFrom(from, id);
    const { items, next } = page.of(
      await errorRows(from, id, undefined, ERRORS_SHOWN + 1),
      ERRORS_SHOWN,
      errorPlace,
    );
    return { ...summary, errors: items.map(errorOf), errorsNext: next };
  }

  async errors(
    id: string,
    cursor: string | undefined,
    rawLimit: string | undefined,
    authority: string | undefined,
  ): Promise<Page<ManifestError>> {
    const limit = page.limit(rawLimit);
    const from = this.own.of(authority);
    await summaryFrom(from, id);
    const found = page.of(await errorRows(from, id, numbersFrom(cursor), limit + 1), limit, errorPlace);
    return { items: found.items.map(errorOf), next: found.next };
  }

  async rows(
    id: string,
    cursor: string | undefined,
    rawLimit: string | undefined,
    authority: string | undefined,
  ): Promise<Page<ManifestRowView>> {
    const limit = page.limit(rawLimit);
    const from = this.own.of(authority);
    await summaryFrom(from, id);
    const rows: StoredRow[] = await from.query(
      `select line, told, result, returnee_id from manifest_row
       where manifest_id = $1 and line > $2 order by line limit $3`,
      [id, numbersFrom(cursor)?.[0] ?? 0, limit + 1],
    );
    const { items, next } = page.of(rows, limit, (last) => [last.line]);
    return { items: await this.rowViews(from, id, items), next };
  }

  private async rowViews(from: Rows, id: string, rows: readonly StoredRow[]): Promise<ManifestRowView[]> {
    const keyring = this.messaging.keyring();
    if (rows.some(({ told }) => told !== null)) await keyring.fetch([REFERENCES]);
    const accepted = rows.flatMap(({ returnee_id }) => returnee_id ?? []);
    const found = await readReturnees({ tx: from, keyring }, 'where id = any($1::uuid[])', [accepted]);
    const known = new Map(found.map((stored) => [stored.id, stored]));
    return rows.map(({ line, told, result, returnee_id: returneeId }) => {
      const stored = returneeId === null ? undefined : known.get(returneeId);
      const said = told === null ? undefined : keyring.open(REFERENCES, told, rowPlace(id, line));
      const externalId = stored && !isErased(stored) ? registrationOf(stored).externalId : said;
      const { caseId = null, caseNumber = null } = stored ?? {};
      return { line, externalId: externalId ?? null, result, returneeId, caseId, caseNumber };
    });
  }
}

async function summaryFrom(rows: Rows, id: string): Promise<ManifestSummary> {
  const found: SummaryRow[] = isUuid(id)
    ? await rows.query(`select ${SUMMARY} from manifest where id = $1 and status <> 'receiving'`, [id])
    : [];
  const [row] = found;
  if (!row) throw problem(404, 'not-found', 'No manifest has this id.');
  return summaryOf(row);
}

function errorRows(rows: Rows, id: string, after: number[] | undefined, limit: number): Promise<ErrorRow[]> {
  return rows.query(
    `select line, position, column_name, code, message from manifest_error
     where manifest_id = $1 and (line, position) > ($2::int, $3::int) order by line, position limit $4`,
    [id, after?.[0] ?? 0, after?.[1] ?? 0, limit],
  );
}

interface StoredRow {
  line: number;
  told: string | null;
  result: string;
  returnee_id: string | null;
}

interface SummaryRow {
  id: string;
  status: ManifestStatus;
  received_at: Date;
  finished_at: Date | null;
  bytes: string;
  lines: number;
  through_line: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  refused_until: Date | null;
}

interface ErrorRow {
  line: number;
  position: number;
  column_name: string | null;
  code: string;
  message: string;
}

function summaryOf(row: SummaryRow): ManifestSummary {
  const { id, status, created, updated, unchanged, rejected } = row;
  return {
    id,
    status,
    receivedAt: row.received_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    bytes: Number(row.bytes),
    progress: { line: status === 'done' ? row.lines : row.through_line, lines: row.lines },
    rows: created + updated + unchanged + rejected,
    created,
    updated,
    unchanged,
    rejected,
    refusedUntil: row.refused_until?.toISOString() ?? null,
  };
}

function errorOf(row: ErrorRow): ManifestError {
  return { line: row.line, column: row.column_name, code: row.code, message: row.message };
}

function errorPlace(row: ErrorRow): number[] {
  return [row.line, row.position];
}

function numbersFrom(cursor: string | undefined): number[] | undefined {
  const values = page.decode(cursor);
  if (values?.every((value): value is number => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31))
    return values;
  if (values) throw badCursor();
  return undefined;
}

function uuidFrom(cursor: string | undefined): string | undefined {
  const value = page.decode(cursor)?.[0];
  if (value === undefined || isUuid(value)) return value;
  throw badCursor();
}

function badCursor() {
  return problem(400, 'bad-cursor', 'cursor must be the `next` of an earlier answer of the same list.');
}
