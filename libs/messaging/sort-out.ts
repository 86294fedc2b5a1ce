/** Decides, per event of a batch, what happens to it. Pure. */
import type { Cursor, StreamEvent } from './cursors';
import { chained } from './cursors';
import { streamId } from './outbox';

export interface SortedOut {
  /** To be handled now, in order. */
  now: StreamEvent[];
  /** Came before the ones they follow. */
  later: StreamEvent[];
  /** Their stream is parked. */
  behind: StreamEvent[];
}

/**
 * Handle, drop (seen before), hold or park behind. `held` are events set aside before, which may follow now. Moves the
 * cursors of those to be handled.
 */
export function sortOut(
  records: readonly StreamEvent[],
  held: readonly StreamEvent[],
  cursors: ReadonlyMap<string, Cursor>,
  redriven = false,
): SortedOut {
  const out: SortedOut = { now: [], later: [], behind: [] };
  const waiting = new Map<Cursor, Map<number, StreamEvent>>();
  const wait = (cursor: Cursor, event: StreamEvent): void => {
    const events = waiting.get(cursor) ?? new Map<number, StreamEvent>();
    if (!events.has(event.envelope.keyseq)) events.set(event.envelope.keyseq, event);
    waiting.set(cursor, events);
  };
  for (const event of held) wait(cursorOf(cursors, event), event);
  for (const event of records) {
    const cursor = cursorOf(cursors, event);
    if (event.envelope.keyseq <= cursor.lastSeq) continue;
    if (cursor.parked && !redriven) {
      out.behind.push(event);
      continue;
    }
    wait(cursor, event);
    for (;;) {
      const next = waiting.get(cursor)?.get(cursor.lastSeq + 1);
      if (!next) break;
      out.now.push(next);
      cursor.lastSeq = next.envelope.keyseq;
      cursor.digest = chained(cursor.digest, next.envelope.id);
    }
  }
  out.later = records.filter((event) => {
    const cursor = cursorOf(cursors, event);
    const { keyseq } = event.envelope;
    return keyseq > cursor.lastSeq && waiting.get(cursor)?.get(keyseq) === event;
  });
  return out;
}

function cursorOf(cursors: ReadonlyMap<string, Cursor>, event: StreamEvent): Cursor {
  return cursors.get(streamId(event.topic, event.envelope.partitionkey))!;
}
