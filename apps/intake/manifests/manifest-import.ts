/**
 * Reads received manifests and registers their rows, a batch in one transaction. The progress commits with the rows, so a
 * crash costs at most the batch under way, and a restart goes on behind the last line reported.
 */
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Messaging, causeOf, detached, type Clock, type KeyVault } from '@retorno/messaging';
import { CLOCK, VAULT } from '@retorno/service';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { readRecords, type CsvRecord } from './csv-records';
import type { Column } from './columns';
import { PEPPER } from '../duplicates/duplicates';
import { readHeader } from './manifest-header';
import {
  faultError,
  readLine,
  rejectOthers,
  rejectRepetitions,
  reportOf,
  type ReadLine,
} from './manifest-report';
import {
  finish,
  forgetAbandoned,
  linesOf,
  lockUnfinished,
  nextUnfinished,
  readChunks,
  report,
  type ManifestError,
} from './manifest-table';
import { noteFlights } from '../expected/expected';
import { tellLeftOut } from '../expected/news';
import { register } from '../registration/registrar';
import { forgetRefused } from './refused-rows-query';
import { isRestoring } from '../restoring/restoring';

/** Rows of one transaction. */
const BATCH = 500;
/** An upload that is older is no longer under way, ms. */
const UPLOAD_LIMIT = 3_600_000;
/** Tries of one manifest while the database answers; pauses between them, ms. */
const TRIES = 5;
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 10_000;
/** How often refused rows whose time is over are looked for, ms. */
const TIDY_EVERY = 3_600_000;

const OUR_FAULT: ManifestError = {
  line: 1,
  column: null,
  code: 'internal',
  message: 'reading stopped for a reason on our side: the rows in the report are done; send the file again',
};

@Injectable()
export class ManifestImport implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('manifest-import');
  private tidying: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private again = false;
  private readonly stopping = new AbortController();

  constructor(
    private readonly dataSource: DataSource,
    private readonly messaging: Messaging,
    @Inject(VAULT) private readonly vault: KeyVault,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PEPPER) private readonly pepper: Buffer,
  ) {}

  /** What a crash interrupted goes on. */
  async onApplicationBootstrap(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - UPLOAD_LIMIT);
    await this.dataSource.transaction((tx) => forgetAbandoned(tx, this.vault, before));
    this.tidying = setInterval(() => void this.tidy(), TIDY_EVERY).unref();
    await this.tidy();
    this.wake();
  }

  /** Refused rows whose time is over go, with their file's key. */
  private async tidy(): Promise<void> {
    await forgetRefused(this.dataSource, this.vault, this.clock.now()).catch((error: unknown) =>
      this.logger.error(`refused rows could not be erased: ${causeOf(error)}`),
    );
  }

  /** Ends after the batch under way. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.tidying);
    this.stopping.abort();
    await this.running;
  }

  /** Says that there may be a manifest to read. One is read at a time, oldest first. */
  wake(): void {
    this.again = true;
    // Whoever woke it: its rows belong to nobody's request.
    this.running ??= detached(() => this.run()).finally(() => {
      this.running = undefined;
      if (this.again && !this.stopping.signal.aborted) this.wake();
    });
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (this.again && !this.stopping.signal.aborted) {
      this.again = false;
      try {
        if (await isRestoring(this.dataSource.manager)) {
          this.again = true;
          await this.rest(FIRST_PAUSE);
          continue;
        }
        for (let id = await this.next(); id; id = await this.next()) {
          await this.importManifest(id);
          failures = 0;
        }
      } catch (error) {
        this.logger.error(`a manifest could not be read: ${causeOf(error)}`);
        failures = await this.afterFailure(failures);
        this.again = true;
        await this.rest(Math.min(FIRST_PAUSE * 2 ** failures, LONGEST_PAUSE));
      }
    }
  }

  private async rest(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async next(): Promise<string | undefined> {
    return this.stopping.signal.aborted ? undefined : nextUnfinished(this.dataSource.manager);
  }

  /**
   * Counts failures while the database answers. A manifest that fails again and again for our own fault may not keep the
   * others waiting: it ends as failed, and the count begins anew.
   */
  private async afterFailure(before: number): Promise<number> {
    try {
      const id = await nextUnfinished(this.dataSource.manager);
      if (!id || before + 1 < TRIES) return before + 1;
      await this.dataSource.transaction((tx) => finish(tx, this.vault, id, this.clock.now(), [OUR_FAULT]));
      return 0;
    } catch {
      // The database does not answer: the manifest waits for it.
      return Math.min(before, TRIES - 2);
    }
  }

  private async importManifest(id: string): Promise<void> {
    const tx = this.dataSource.manager;
    const records = readRecords(readChunks({ tx, keyring: this.messaging.keyring(tx) }, id));
    const { value: first, done } = await records.next();
    const header = done ? noHeader() : headerOf(first);
    if ('errors' in header) {
      await this.dataSource.transaction((tx) => finish(tx, this.vault, id, this.clock.now(), header.errors));
      return;
    }
    let from = await this.progressOf(id);
    for await (const batch of batches(records, from)) {
      if (this.stopping.signal.aborted) return;
      const through = await this.importBatch(id, batch, header.columns, from);
      // Another process is ahead in this manifest: look again when it has had time.
      if (through === undefined) return this.rest(FIRST_PAUSE);
      from = through;
    }
    if (this.stopping.signal.aborted) return;
    await this.messaging.command([], async (unit) => {
      await tellLeftOut(unit, id);
      await finish(unit.tx, this.vault, id, unit.now);
    });
  }

  private async progressOf(id: string): Promise<number> {
    const manifest = await this.dataSource.transaction((tx) => lockUnfinished(tx, id));
    return manifest?.throughLine ?? 0;
  }

  /** One transaction. Undefined when another process reads this manifest and is ahead. */
  private importBatch(
    id: string,
    batch: readonly CsvRecord[],
    columns: readonly (Column | null)[],
    from: number,
  ): Promise<number | undefined> {
    const lines = batch.map((record) => readLine(record, columns, this.clock.now()));
    return this.messaging.command([], async (unit) => {
      const manifest = await lockUnfinished(unit.tx, id);
      if (manifest?.throughLine !== from) return undefined;
      const earlier = await linesOf(unit, id, lines.flatMap(identityOf));
      const checked = rejectRepetitions(rejectOthers(lines, manifest.authority), earlier);
      const accepted = checked.flatMap((line) => (line.registration ? [line.registration] : []));
      const registered = await register(unit, accepted, this.pepper);
      await noteFlights(unit.tx, id, accepted);
      const throughLine = batch.at(-1)?.line ?? from;
      await report(unit, id, { ...reportOf(checked, registered), throughLine });
      return throughLine;
    });
  }
}

function headerOf(record: CsvRecord): { columns: (Column | null)[] } | { errors: ManifestError[] } {
  if (record.fault) return { errors: [{ line: record.line, ...faultError(record.fault, []) }] };
  const header = readHeader(record.cells);
  if (header.columns) return { columns: header.columns };
  return { errors: header.errors.map((error) => ({ line: record.line, ...error })) };
}

function noHeader(): { errors: ManifestError[] } {
  const message = 'the file holds no line: send a CSV with a header row';
  return { errors: [{ line: 1, column: null, code: 'empty-manifest', message }] };
}

function identityOf(line: ReadLine): { sendingAuthority: string; externalId: string }[] {
  const row = line.registration;
  return row ? [{ sendingAuthority: row.journey.sendingAuthority, externalId: row.externalId }] : [];
}

/** Records behind a line, a batch at a time. */
async function* batches(records: AsyncIterable<CsvRecord>, behind: number): AsyncGenerator<CsvRecord[]> {
  let batch: CsvRecord[] = [];
  for await (const record of records) {
    if (record.line <= behind) continue;
    batch.push(record);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
