/** Manifests in the database: the file until it is read, the progress, the report. */
import type { EntityManager } from 'typeorm';

export type ManifestStatus = 'processing' | 'done' | 'failed';

/** A manifest as the interface shows it, without its errors. */
export interface ManifestSummary {
  id: string;
  status: ManifestStatus;
  receivedAt: string;
  finishedAt: string | null;
  bytes: number;
  /** Physical lines of the file, and how far the report has come. */
  progress: { line: number; lines: number };
  /** Rows in the report so far: created + updated + unchanged + rejected. */
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
}

/** One error of a manifest; column is null when it is about the whole line or file. */
export interface ManifestError {
  line: number;
  column: string | null;
  code: string;
  message: string;
}

/** What became of one row. */
export interface ManifestRow {
  line: number;
  sendingAuthority: string | null;
  externalId: string | null;
  result: 'created' | 'updated' | 'unchanged' | 'rejected';
  returneeId: string | null;
}

/** Makes room for a manifest that is being received. */
export async function beginReceiving(tx: EntityManager, id: string, now: Date): Promise<void> {
  await tx.query(`insert into manifest (id, status, received_at) values ($1, 'receiving', $2)`, [id, now]);
}

export async function storeChunk(
  tx: EntityManager,
  id: string,
  position: number,
  body: Buffer,
): Promise<void> {
  await tx.query('insert into manifest_chunk (manifest_id, position, body) values ($1, $2, $3)', [
    id,
    position,
    body,
  ]);
}

/** The file is here, whole: from now on it survives everything. */
export async function endReceiving(
  tx: EntityManager,
  id: string,
  size: { bytes: number; lines: number },
): Promise<void> {
  await tx.query(`update manifest set status = 'processing', bytes = $2, lines = $3 where id = $1`, [
    id,
    size.bytes,
    size.lines,
  ]);
}

export async function forgetManifest(tx: EntityManager, id: string): Promise<void> {
  await tx.query('delete from manifest where id = $1', [id]);
}

/** Uploads that nobody will finish: their sender got no answer and sends again. */
export async function forgetAbandoned(tx: EntityManager, before: Date): Promise<void> {
  await tx.query(`delete from manifest where status = 'receiving' and received_at < $1`, [before]);
}

/** The oldest manifest that is not read to its end. */
export async function nextUnfinished(tx: EntityManager): Promise<string | undefined> {
  const [row]: { id: string }[] = await tx.query(
    `select id from manifest where status = 'processing' order by id limit 1`,
  );
  return row?.id;
}

/** Locks a manifest; undefined unless it is in processing. */
export async function lockUnfinished(
  tx: EntityManager,
  id: string,
): Promise<{ throughLine: number } | undefined> {
  const [row]: { through_line: number }[] = await tx.query(
    `select through_line from manifest where id = $1 and status = 'processing' for update`,
    [id],
  );
  return row && { throughLine: row.through_line };
}

/** The file, piece by piece. */
export async function* readChunks(tx: EntityManager, id: string): AsyncGenerator<Buffer> {
  for (let position = 0; ; position++) {
    const [row]: { body: Buffer }[] = await tx.query(
      'select body from manifest_chunk where manifest_id = $1 and position = $2',
      [id, position],
    );
    if (!row) return;
    yield row.body;
  }
}

/** The lines of this manifest that took these identities: "authority\nexternal id" to line. */
export async function linesOf(
  tx: EntityManager,
  id: string,
  identities: readonly { sendingAuthority: string; externalId: string }[],
): Promise<Map<string, number>> {
  if (identities.length === 0) return new Map();
  const rows: { sending_authority: string; external_id: string; line: number }[] = await tx.query(
    `select sending_authority, external_id, line from manifest_row
     where manifest_id = $1 and result <> 'rejected'
       and (external_id, sending_authority) in (select * from unnest($2::text[], $3::text[]))`,
    [id, identities.map((i) => i.externalId), identities.map((i) => i.sendingAuthority)],
  );
  return new Map(rows.map((row) => [`${row.sending_authority}\n${row.external_id}`, row.line]));
}

/** Adds rows and errors to the report and moves the progress. */
export async function report(
  tx: EntityManager,
  id: string,
  batch: { rows: readonly ManifestRow[]; errors: readonly ManifestError[]; throughLine: number },
): Promise<void> {
  await tx.query(
    `insert into manifest_row (manifest_id, line, sending_authority, external_id, result, returnee_id)
     select $1, line, "sendingAuthority", "externalId", result, "returneeId"
     from json_to_recordset($2) as x(line int, "sendingAuthority" text, "externalId" text, result text, "returneeId" uuid)`,
    [id, JSON.stringify(batch.rows)],
  );
  await storeErrors(tx, id, batch.errors);
  const count = (result: string) => batch.rows.filter((row) => row.result === result).length;
  await tx.query(
    `update manifest set through_line = $2, created = created + $3, updated = updated + $4,
       unchanged = unchanged + $5, rejected = rejected + $6
     where id = $1`,
    [id, batch.throughLine, count('created'), count('updated'), count('unchanged'), count('rejected')],
  );
}

async function storeErrors(tx: EntityManager, id: string, errors: readonly ManifestError[]): Promise<void> {
  if (errors.length === 0) return;
  await tx.query(
    `insert into manifest_error (manifest_id, line, position, column_name, code, message)
     select $1, line, row_number() over (partition by line order by n), "column", code, message
     from json_to_recordset($2) as x(n int, line int, "column" text, code text, message text)`,
    [id, JSON.stringify(errors.map((error, n) => ({ n, ...error })))],
  );
}

/** The report is complete, or (with errors of the file as a whole) there will be none. The file itself is deleted. */
export async function finish(
  tx: EntityManager,
  id: string,
  now: Date,
  fileErrors: readonly ManifestError[] = [],
): Promise<void> {
  await storeErrors(tx, id, fileErrors);
  const status: ManifestStatus = fileErrors.length > 0 ? 'failed' : 'done';
  await tx.query('update manifest set status = $2, finished_at = $3 where id = $1', [id, status, now]);
  await tx.query('delete from manifest_chunk where manifest_id = $1', [id]);
}
