/** The refused rows of a manifest: given while they are kept, then erased. */
import { Readable } from 'node:stream';
import { Inject, Injectable, StreamableFile } from '@nestjs/common';
import { Messaging, type Clock, type KeyVault } from '@retorno/messaging';
import { CLOCK, OwnRows, problem, type Rows } from '@retorno/service';
import type { DataSource } from 'typeorm';
import { ManifestQuery } from './manifest-query';
import { rowPlace, subjectOf } from './manifest-table';
import { refusedHeader, refusedLine } from './refused-rows';

/** Rows read at a time. */
const PAGE = 500;

interface StoredRow {
  line: number;
  refused: string | null;
  messages: string[] | null;
}

@Injectable()
export class RefusedRows {
  constructor(
    private readonly rows: OwnRows,
    private readonly messaging: Messaging,
    private readonly manifests: ManifestQuery,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** As CSV, line by line. Throws problem 404 where there is no such manifest, 410 where its rows are no longer kept. */
  async csv(id: string, authority: string | undefined): Promise<StreamableFile> {
    const { status, rejected, refusedUntil } = await this.manifests.get(id, authority);
    const isKept = refusedUntil !== null && new Date(refusedUntil) > this.clock.now();
    if (status === 'done' && rejected > 0 && !isKept) {
      const detail =
        'The refused rows of this manifest are no longer kept: correct them in the original file.';
      throw problem(410, 'refused-rows-over', detail);
    }
    return new StreamableFile(Readable.from(this.lines(this.rows.of(authority), id)));
  }

  private async *lines(from: Rows, id: string): AsyncGenerator<Buffer> {
    yield Buffer.from(refusedHeader());
    const keyring = this.messaging.keyring();
    for (let after = 0; ;) {
      const rows: StoredRow[] = await from.query(
        `select line, refused, (select array_agg(e.message order by e.position) from manifest_error e
            where e.manifest_id = r.manifest_id and e.line = r.line) as messages
         from manifest_row r where manifest_id = $1 and result = 'rejected' and line > $2 order by line limit $3`,
        [id, after, PAGE],
      );
      const last = rows.at(-1);
      if (!last) return;
      await keyring.fetch([subjectOf(id)]);
      const lines = rows.map(({ line, refused, messages }) => {
        const opened =
          refused === null ? undefined : keyring.open(subjectOf(id), refused, rowPlace(id, line));
        const cells = opened === undefined ? undefined : (JSON.parse(opened) as string[]);
        return refusedLine({ line, cells, errors: (messages ?? []).map((message) => ({ message })) });
      });
      yield Buffer.from(lines.join(''));
      after = last.line;
    }
  }
}

/** Erases what is no longer kept, with the key that opened it. */
export async function forgetRefused(dataSource: DataSource, vault: KeyVault, now: Date): Promise<void> {
  await dataSource.transaction(async (tx) => {
    const [over]: [{ id: string }[], number] = await tx.query(
      'update manifest set refused_until = null where refused_until <= $1 returning id',
      [now],
    );
    const ids = over.map(({ id }) => id);
    if (ids.length === 0) return;
    await tx.query(
      'update manifest_row set refused = null, refused_keys = null where manifest_id = any($1::uuid[])',
      [ids],
    );
    await vault.erase(tx, ids.map(subjectOf));
  });
}
