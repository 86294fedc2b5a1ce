/** Decides, per event of a batch, what happens to it. Pure. */
import { bornAt, chained, type Cursor, type StreamEvent } from './cursors';
import { streamId } from '../writing/outbox';
import type { LostEvents } from './positions';

export interface SortedOut {
  /** To be handled now, in order. */
  now: StreamEvent[];
  /** Came before the ones they follow. */
  later: StreamEvent[];
  /** Their stream is parked. */
  behind: StreamEvent[];
  /** What was handled under places that are used again: their writer does not know of it. */
  lostByWriter: LostEvents[];
}

/**
 * Handle, drop (seen before, see `bornAt`), hold or park behind. `held` are events set aside before, which may follow now. Moves the
 * cursors of those to be handled.
 */
export function sortOut(
  records: readonly StreamEvent[],
  held: readonly StreamEvent[],
  cursors: ReadonlyMap<string, Cursor>,
  redriven = false,
): SortedOut {
  const out: SortedOut = { now: [], later: [], behind: [], lostByWriter: [] };
  const waiting = new Map<Cursor, Map<number, StreamEvent>>();
  const wait = (cursor: Cursor, event: StreamEvent): void => {
    const events = waiting.get(cursor) ?? new Map<number, StreamEvent>();
    if (!events.has(event.envelope.keyseq)) events.set(event.envelope.keyseq, event);
    waiting.set(cursor, events);
  };
  for (const event of held) wait(cursorOf(cursors, event), event);
  for (const event of records) {
    const cursor = cursorOf(cursors, event);
    const { keyseq, partitionkey } = event.envelope;
    const isUsedAgain = keyseq <= cursor.lastSeq;
    if (isUsedAgain && bornAt(event.envelope) <= cursor.newest) continue;
    if (cursor.parked && !redriven) {
      out.behind.push(event);
      continue;
    }
    if (isUsedAgain) {
      out.lostByWriter.push({ topic: event.topic, key: partitionkey, from: keyseq, to: cursor.lastSeq });
      take(out, cursor, event);
      continue;
    }
    if (keyseq === cursor.lastSeq + 1) take(out, cursor, event);
    else wait(cursor, event);
    const behind = waiting.get(cursor);
    for (let next = behind?.get(cursor.lastSeq + 1); next; next = behind?.get(cursor.lastSeq + 1)) {
      take(out, cursor, next);
    }
  }
  if (waiting.size === 0) return out;
  out.later = records.filter((event) => {
    const cursor = cursorOf(cursors, event);
    const { keyseq } = event.envelope;
    return keyseq > cursor.lastSeq && waiting.get(cursor)?.get(keyseq) === event;
  });
  return out;
}

function take(out: SortedOut, cursor: Cursor, event: StreamEvent): void {
  out.now.push(event);
  cursor.lastSeq = Math.max(cursor.lastSeq, event.envelope.keyseq);
  cursor.digest = chained(cursor.digest, event.envelope.id);
  cursor.newest = Math.max(cursor.newest, bornAt(event.envelope));
  cursor.moved = true;
}

function cursorOf(cursors: ReadonlyMap<string, Cursor>, event: StreamEvent): Cursor {
  return cursors.get(streamId(event.topic, event.envelope.partitionkey))!;
}
