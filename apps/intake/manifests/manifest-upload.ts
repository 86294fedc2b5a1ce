/** Takes a manifest off the wire into the database, in flat memory. */
import { Inject, Injectable } from '@nestjs/common';
import { Messaging, type Clock, type KeyVault } from '@retorno/messaging';
import { CLOCK, OwnRows, SETTINGS, VAULT, problem } from '@retorno/service';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  beginReceiving,
  endReceiving,
  finish,
  forgetManifest,
  storeChunk,
  type ManifestError,
} from './manifest-table';
import { IntakeSettings } from '../settings';
import { Utf8Check, type Utf8Fault } from './utf8';

/** Bytes of the file per database row. */
const CHUNK = 262_144;

@Injectable()
export class ManifestUpload {
  constructor(
    private readonly dataSource: DataSource,
    private readonly rows: OwnRows,
    private readonly messaging: Messaging,
    @Inject(VAULT) private readonly vault: KeyVault,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: IntakeSettings,
  ) {}

  /** Refuses by what the sender says of the body before reading it. */
  checkAnnounced(headers: {
    type: string | undefined;
    encoding: string | undefined;
    length: string | undefined;
  }): void {
    const [type = '', ...parameters] = (headers.type ?? '')
      .toLowerCase()
      .split(';')
      .map((part) => part.trim());
    const charset = parameters
      .find((part) => part.startsWith('charset='))
      ?.slice(8)
      .replaceAll('"', '');
    if (
      type !== 'text/csv' ||
      (headers.encoding ?? 'identity') !== 'identity' ||
      (charset ?? 'utf-8') !== 'utf-8'
    ) {
      throw problem(415, 'unsupported-media-type', 'Send the manifest as text/csv in UTF-8, not compressed.');
    }
    if (Number(headers.length ?? 0) > this.settings.MANIFEST_MAX_BYTES) throw this.tooLarge();
  }

  /** Stores the body, sent by somebody who registers for this authority only, if one is given. Answers the manifest's id once everything is durable; a file that is not UTF-8 has failed by then. */
  async receive(body: AsyncIterable<Buffer>, authority?: string): Promise<string> {
    const id = uuidv7();
    const db = this.dataSource.manager;
    await this.messaging.command([], ({ tx, keyring }) =>
      beginReceiving({ rows: this.rows.of(authority, tx), keyring }, id, {
        now: this.clock.now(),
        authority,
      }),
    );
    try {
      const { bytes, lines, fault } = await this.store(id, body);
      if (bytes === 0)
        throw problem(422, 'empty-manifest', 'The manifest is empty: send a CSV with a header row.');
      await this.dataSource.transaction(async (tx) => {
        await endReceiving(tx, id, { bytes, lines });
        if (fault) await finish(tx, this.vault, id, this.clock.now(), [notUtf8(fault)]);
      });
      return id;
    } catch (error) {
      await forgetManifest(db, this.vault, id);
      throw error;
    }
  }

  private async store(id: string, body: AsyncIterable<Buffer>) {
    const tx = this.dataSource.manager;
    const keyring = this.messaging.keyring(tx);
    const check = new Utf8Check();
    let fault: Utf8Fault | undefined;
    let bytes = 0;
    let position = 0;
    for await (const piece of inChunks(body)) {
      bytes += piece.length;
      if (bytes > this.settings.MANIFEST_MAX_BYTES) throw this.tooLarge();
      fault ??= check.push(piece);
      // What is not UTF-8 will not be read: the rest is only taken off the wire.
      if (!fault) await storeChunk({ tx, keyring }, id, position++, piece);
    }
    fault ??= check.end();
    return { bytes, lines: check.lines, fault };
  }

  private tooLarge() {
    const max = this.settings.MANIFEST_MAX_BYTES;
    const detail = `A manifest may have ${max} bytes at most: send it in several files, each with the header row.`;
    return problem(413, 'manifest-too-large', detail, { maxBytes: max });
  }
}

function notUtf8(fault: Utf8Fault): ManifestError {
  const message =
    `the file is not UTF-8: line ${fault.line} (byte ${fault.offset}) holds something else; ` +
    'save it as UTF-8 and send it again';
  return { line: fault.line, column: null, code: 'not-utf-8', message };
}

/** Gathers what comes off the wire in small pieces. */
async function* inChunks(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body) {
    pieces.push(piece);
    length += piece.length;
    if (length >= CHUNK) {
      yield Buffer.concat(pieces);
      pieces = [];
      length = 0;
    }
  }
  if (length > 0) yield Buffer.concat(pieces);
}
