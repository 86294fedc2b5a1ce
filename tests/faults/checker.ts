/**
 * Proves from the databases alone, after any run and also during one: per stream and reader, the writer's head is what
 * was handled, held, parked or waits to be sent; what was handled is each event once and in order; no case and no
 * referral is forgotten or doubled; nothing is parked without being listed.
 */
import { checkCases } from './cases';
import { checkParked } from './parked';
import { Findings, type Report } from './report';
import { Snapshot } from './snapshot';
import { checkStreams } from './streams';

export interface CheckOptions {
  /** The time by the clock of the run; default: this machine's. */
  now?: Date;
  /** How late a timer may be, ms; default 60 000. */
  lateMs?: number;
}

/** Checks the database behind an address of a role that may read all schemas. */
export async function check(url: string, options: CheckOptions = {}): Promise<Report> {
  const findings = new Findings();
  const snapshot = await Snapshot.take(url);
  try {
    const now = options.now ?? new Date();
    const reached = await checkStreams(snapshot, findings);
    await checkCases(snapshot, reached, { now, lateMs: options.lateMs ?? 60_000 }, findings);
    await checkParked(url, snapshot, findings);
  } finally {
    await snapshot.close();
  }
  return findings.report();
}
