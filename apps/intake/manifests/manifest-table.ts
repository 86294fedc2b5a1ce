/** Manifests in the database: the file until it is read, the progress, the report. */
import type { Keyring, KeyVault, UnitOfWork } from '@retorno/messaging';
import type { Rows } from '@retorno/service';
import type { EntityManager } from 'typeorm';
import { REFERENCES, referenceColumn } from '../registration/references';
import { refusedKeys } from './refused-keys';

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
  /** Until when its refused rows can be had; null when there are none. */
  refusedUntil: string | null;
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
  /** The cells of a rejected row in the order of COLUMNS, where it could be cut into cells. */
  refused: readonly string[] | null;
}

/** A database connection, and the keys that sealed columns need. */
export type Sealed = Pick<UnitOfWork, 'tx' | 'keyring'>;

/** So long its refused rows can be had, to be corrected: they are of people who are not registered. */
const REFUSED_DAYS = 7;

/** A file has a key of its own, which ends with it and its refused rows: also in a backup nobody reads what is no longer here. */
export function subjectOf(id: string): string {
  return `intake/${id}`;
}

/** Makes room for a manifest that is being received; `authority`: the only one that its sender registers for, whose `rows` are theirs. */
export async function beginReceiving(
  { rows, keyring }: { rows: Rows; keyring: Keyring },
  id: string,
  { now, authority }: { now: Date; authority: string | undefined },
): Promise<void> {
  await keyring.fetchOrMake([subjectOf(id)]);
  await rows.query(
    `insert into manifest (id, status, received_at, authority) values ($1, 'receiving', $2, $3)`,
    [id, now, authority ?? null],
  );
}

export async function storeChunk(
  { tx, keyring }: Sealed,
  id: string,
  position: number,
  body: Buffer,
): Promise<void> {
  await keyring.fetch([subjectOf(id)]);
  await tx.query('insert into manifest_chunk (manifest_id, position, body) values ($1, $2, $3)', [
    id,
    position,
    keyring.sealBytes(subjectOf(id), body, `chunk ${position}`),
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

export async function forgetManifest(tx: EntityManager, vault: KeyVault, id: string): Promise<void> {
  await tx.query('delete from manifest where id = $1', [id]);
  await vault.erase(tx, [subjectOf(id)]);
}

/** Uploads that nobody will finish: their sender got no answer and sends again. */
export async function forgetAbandoned(tx: EntityManager, vault: KeyVault, before: Date): Promise<void> {
  const rows: { id: string }[] = await tx.query(
    `select id from manifest where status = 'receiving' and received_at < $1`,
    [before],
  );
  for (const { id } of rows) await forgetManifest(tx, vault, id);
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
): Promise<{ throughLine: number; authority?: string } | undefined> {
  const [row]: { through_line: number; authority: string | null }[] = await tx.query(
    `select through_line, authority from manifest where id = $1 and status = 'processing' for update`,
    [id],
  );
  if (!row) return undefined;
  return { throughLine: row.through_line, ...(row.authority !== null && { authority: row.authority }) };
}

/** The file, piece by piece. */
export async function* readChunks({ tx, keyring }: Sealed, id: string): AsyncGenerator<Buffer> {
  await keyring.fetch([subjectOf(id)]);
  for (let position = 0; ; position++) {
    const [row]: { body: Buffer }[] = await tx.query(
      'select body from manifest_chunk where manifest_id = $1 and position = $2',
      [id, position],
    );
    const body = row && keyring.openBytes(subjectOf(id), row.body, `chunk ${position}`);
    if (!body) return;
    yield body;
  }
}

/** The lines of this manifest that took these identities: "authority\nexternal id" to line. */
export async function linesOf(
  { tx, keyring }: Sealed,
  id: string,
  identities: readonly { sendingAuthority: string; externalId: string }[],
): Promise<Map<string, number>> {
  if (identities.length === 0) return new Map();
  await keyring.fetchOrMake([REFERENCES]);
  const names = new Map(
    identities.map(({ sendingAuthority, externalId }) => [
      referenceColumn(keyring, sendingAuthority, externalId),
      `${sendingAuthority}\n${externalId}`,
    ]),
  );
  const rows: { external_id: string; line: number }[] = await tx.query(
    `select external_id, line from manifest_row
     where manifest_id = $1 and result <> 'rejected' and external_id = any($2::text[])`,
    [id, [...names.keys()]],
  );
  return new Map(rows.map((row) => [names.get(row.external_id)!, row.line]));
}

/** Where the seal of a rejected row's external id belongs. */
export function rowPlace(id: string, line: number): string {
  return `intake|manifest|${id}|${line}`;
}

/** Adds rows and errors to the report and moves the progress. */
export async function report(
  { tx, keyring }: Sealed,
  id: string,
  batch: { rows: readonly ManifestRow[]; errors: readonly ManifestError[]; throughLine: number },
): Promise<void> {
  await keyring.fetchOrMake([REFERENCES, subjectOf(id)]);
  const rows = batch.rows.map(({ line, sendingAuthority, externalId, result, returneeId, refused }) => ({
    line,
    external_id:
      sendingAuthority === null || externalId === null
        ? null
        : referenceColumn(keyring, sendingAuthority, externalId),
    // An accepted row's stands with its returnee.
    told:
      externalId === null || returneeId !== null
        ? null
        : keyring.seal(REFERENCES, externalId, rowPlace(id, line)),
    result,
    returnee_id: returneeId,
    refused: refused && keyring.seal(subjectOf(id), JSON.stringify(refused), rowPlace(id, line)),
    refused_keys: refused && refusedKeys(keyring, refused),
  }));
  await tx.query(
    `insert into manifest_row (manifest_id, line, external_id, told, result, returnee_id, refused, refused_keys)
     select $1, line, external_id, told, result, returnee_id, refused, refused_keys
     from json_to_recordset($2) as x(line int, external_id text, told text, result text, returnee_id uuid, refused text,
       refused_keys text[])`,
    [id, JSON.stringify(rows)],
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

/** The report is complete, or (with errors of the file as a whole) there will be none. The file itself is deleted; its refused rows stay for a while. */
export async function finish(
  tx: EntityManager,
  vault: KeyVault,
  id: string,
  now: Date,
  fileErrors: readonly ManifestError[] = [],
): Promise<void> {
  await storeErrors(tx, id, fileErrors);
  const status: ManifestStatus = fileErrors.length > 0 ? 'failed' : 'done';
  const [[row]]: [{ refused_until: Date | null }[], number] = await tx.query(
    `update manifest set status = $2, finished_at = $3,
       refused_until = case when rejected > 0 then $3::timestamptz + interval '${REFUSED_DAYS} days' end
     where id = $1 returning refused_until`,
    [id, status, now],
  );
  await tx.query('delete from manifest_chunk where manifest_id = $1', [id]);
  if (!row?.refused_until) await vault.erase(tx, [subjectOf(id)]);
}
