/**
 * Editing a parked message: what a lead may see and change of it, and the change itself. It is local to this reader: its
 * writer's log stays as it was, ids and places stay the same, and so do the chains over them (docs/decisions/0016).
 */
import type { Envelope, EventContract, Fault } from '@retorno/contracts';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../clock';
import { ReplayFailed, type Consumer } from '../reading/consumer';
import type { Stream, StreamEvent } from '../reading/cursors';
import { streamOf } from './parking';
import { isSealed, openProperties } from '../vault/sealed-properties';
import { Keyring, type KeyVault } from '../vault/key-vault';
import { placeOf } from '../writing/sealed-events';

/** Most events that one transaction replays behind an edited one. */
const MOST = 1_000;

/** Why a parked message cannot be edited, although it holds its stream up. */
export type NotEditable = 'outside' | 'unknown-type' | 'not-an-object' | 'erased' | 'too-many-behind';

/** An edit that was made. */
export interface PastEdit {
  readonly keySeq: number;
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/** A parked message as a lead may see it: nothing personal, and nothing of which nobody knows whether it is. */
export interface ParkedMessage extends Stream {
  readonly id: string;
  readonly keySeq: number;
  readonly type: string | null;
  readonly cause: string | null;
  /** How many events wait behind it. */
  readonly behind: number;
  /** What may be edited of its data; null when nothing may. */
  readonly data: Readonly<Record<string, unknown>> | null;
  /** Names of the personal properties that it has: they stay sealed as they are. */
  readonly sealed: readonly string[];
  /** How many properties it has that its contract does not know: they stay, unseen. */
  readonly unknown: number;
  readonly notEditable: NotEditable | null;
  /** What its contract finds wrong with it. */
  readonly errors: readonly Fault[];
  /** What was edited before in this stream here. */
  readonly edits: readonly PastEdit[];
}

/** How an edit ended. Unless it is done nothing was changed. */
export type Edited =
  | { readonly done: true; readonly handled: number }
  | { readonly done: false; readonly notEditable: NotEditable }
  | { readonly done: false; readonly errors: readonly Fault[] }
  /** An event of the sequence could not be handled. */
  | { readonly done: false; readonly failed: { readonly keySeq: number; readonly cause: string } };

interface EditingDeps {
  dataSource: { manager: EntityManager };
  clock: Clock;
  consumer: Consumer;
  options: {
    service: string;
    vault: KeyVault;
    contractOf(type: string): EventContract | undefined;
    subjectOf(topic: string, key: string): string;
  };
}

interface ParkedRow {
  id: string;
  key_seq: string;
  envelope: string;
  cause: string | null;
}

/** The parts of a parked event's data, told apart by its contract. */
interface Parts {
  readonly contract: EventContract;
  /** Declared and not personal. */
  readonly editable: Readonly<Record<string, unknown>>;
  /** Personal, open. */
  readonly personal: Readonly<Record<string, unknown>>;
  /** As they are written down: `sealed`, and what the contract does not know. */
  readonly kept: Readonly<Record<string, unknown>>;
}

/** Thrown within the transaction, so that nothing of it stays. */
class NotDone extends Error {
  constructor(readonly edited: Extract<Edited, { done: false }> | undefined) {
    super('the edit was not done');
  }
}

export class Editing {
  constructor(private readonly deps: EditingDeps) {}

  /** The message with this id, when it holds its stream up. */
  async message(id: string): Promise<ParkedMessage | undefined> {
    const { manager } = this.deps.dataSource;
    const stream = await streamOf(manager, id);
    const rows = stream ? await this.rowsOf(manager, stream) : [];
    const [head] = rows;
    if (!stream || head?.id !== id) return undefined;
    const parts = await this.partsOf(manager, stream, rows);
    const isReadable = typeof parts === 'object';
    const envelope = JSON.parse(head.envelope) as Partial<Envelope> | null;
    return {
      id,
      ...stream,
      keySeq: Number(head.key_seq),
      type: typeof envelope?.type === 'string' ? envelope.type : null,
      cause: head.cause,
      behind: rows.length - 1,
      data: isReadable ? parts.editable : null,
      sealed: isReadable ? Object.keys(parts.personal) : [],
      unknown: isReadable ? unknownIn(parts).length : 0,
      notEditable: isReadable ? null : parts,
      errors: isReadable ? errorsOf(parts, parts.editable) : [],
      edits: await editsOf(manager, this.deps.options.service, stream),
    };
  }

  /**
   * Puts other data in the place of what may be edited, and handles the message and the sequence behind it, in order and
   * with the same ids: all of it in one transaction, or nothing. Undefined when it is not (any more) what holds a stream up.
   */
  async edit(
    id: string,
    data: Readonly<Record<string, unknown>>,
    { reason, by }: { reason: string; by: string },
  ): Promise<Edited | undefined> {
    try {
      const handled = await this.deps.consumer.replay(async (tx) => {
        const stream = await streamOf(tx, id);
        const rows = stream ? await this.rowsOf(tx, stream) : [];
        const [head] = rows;
        if (!stream || head?.id !== id) throw new NotDone(undefined);
        const parts = await this.partsOf(tx, stream, rows);
        if (typeof parts === 'string') throw new NotDone({ done: false, notEditable: parts });
        const errors = errorsOf(parts, data);
        if (errors.length > 0) throw new NotDone({ done: false, errors });
        const envelope = { ...(JSON.parse(head.envelope) as Envelope), data: { ...parts.kept, ...data } };
        await this.note(tx, stream, head, JSON.stringify(envelope), reason, by);
        return [{ topic: stream.topic, envelope }, ...following(stream, rows)];
      });
      return { done: true, handled };
    } catch (error) {
      if (error instanceof NotDone) return error.edited;
      if (error instanceof ReplayFailed)
        return { done: false, failed: { keySeq: error.keySeq, cause: error.why } };
      throw error;
    }
  }

  /** All that is parked of a stream, in order; one more than may be replayed. */
  private rowsOf(tx: EntityManager, { topic, key }: Stream): Promise<ParkedRow[]> {
    return tx.query(
      `select id, key_seq, envelope, cause from parked
       where consumer = $1 and topic = $2 and key = $3 order by key_seq limit ${MOST + 2}`,
      [this.deps.options.service, topic, key],
    );
  }

  private async partsOf(
    tx: EntityManager,
    stream: Stream,
    rows: readonly ParkedRow[],
  ): Promise<Parts | NotEditable> {
    const { contractOf, subjectOf, vault } = this.deps.options;
    const head = rows[0]!;
    // Its attributes may be anything, and so may be what it says.
    if (Number(head.key_seq) === 0) return 'outside';
    if (rows.length > MOST + 1) return 'too-many-behind';
    const { type, data, ...envelope } = JSON.parse(head.envelope) as Envelope;
    const contract = contractOf(type);
    const declared = (contract?.schema as { properties?: object } | undefined)?.properties;
    if (!contract || !declared) return 'unknown-type';
    if (data === null || typeof data !== 'object' || Array.isArray(data)) return 'not-an-object';
    const keyring = new Keyring(vault, tx);
    const subject = subjectOf(stream.topic, stream.key);
    if (isSealed(data)) await keyring.fetch([subject]);
    const about = placeOf(stream.topic, envelope);
    const { object, isErased } = openProperties(data, (text) => keyring.open(subject, text, about));
    if (isErased) return 'erased';
    const open = Object.entries(object);
    const isPersonal = (name: string): boolean => contract.personal.includes(name);
    return {
      contract,
      editable: Object.fromEntries(open.filter(([name]) => name in declared && !isPersonal(name))),
      personal: Object.fromEntries(open.filter(([name]) => isPersonal(name))),
      kept: Object.fromEntries(
        Object.entries(data).filter(([name]) => !(name in declared) || isPersonal(name)),
      ),
    };
  }

  private async note(
    tx: EntityManager,
    { topic, key }: Stream,
    head: ParkedRow,
    edited: string,
    reason: string,
    by: string,
  ): Promise<void> {
    const { clock, options } = this.deps;
    await tx.query(
      `insert into edited (consumer, topic, key, key_seq, original, edited, cause, reason, edited_by, edited_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        options.service,
        topic,
        key,
        head.key_seq,
        head.envelope,
        edited,
        head.cause,
        reason,
        by,
        clock.now().toISOString(),
      ],
    );
  }
}

/** What is wrong with the data once it is edited, as strictly as if it were written anew; personal parts included. */
function errorsOf({ contract, personal }: Parts, edited: Readonly<Record<string, unknown>>): Fault[] {
  const typed = Object.keys(edited).filter((name) => contract.personal.includes(name));
  if (typed.length > 0) {
    const detail = 'is personal and sealed: leave it out';
    return typed.map((name) => ({ pointer: `/${name}`, detail, code: 'personal' }));
  }
  return contract.writeFaults({ ...personal, ...edited });
}

function unknownIn({ kept, personal }: Parts): string[] {
  return Object.keys(kept).filter((name) => name !== 'sealed' && !(name in personal));
}

/** What follows the first one without a gap; what comes after a gap goes on waiting. */
function following({ topic }: Stream, rows: readonly ParkedRow[]): StreamEvent[] {
  const [head, ...behind] = rows;
  const end = behind.findIndex((row, i) => Number(row.key_seq) !== Number(head!.key_seq) + i + 1);
  return (end < 0 ? behind : behind.slice(0, end)).map((row) => ({
    topic,
    envelope: JSON.parse(row.envelope) as Envelope,
  }));
}

async function editsOf(tx: EntityManager, consumer: string, { topic, key }: Stream): Promise<PastEdit[]> {
  const rows: { key_seq: string; edited_by: string; edited_at: Date; reason: string }[] = await tx.query(
    `select key_seq, edited_by, edited_at, reason from edited
     where consumer = $1 and topic = $2 and key = $3 order by edited_at desc limit 20`,
    [consumer, topic, key],
  );
  return rows.map((row) => ({
    keySeq: Number(row.key_seq),
    by: row.edited_by,
    at: row.edited_at.toISOString(),
    reason: row.reason,
  }));
}
