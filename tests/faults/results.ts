/** What a run did and what came of it: as lines for a terminal, and as JSON. */
import type { Kind } from './kinds/fault';
import type { Report } from './report';

/** One fault as it was injected. */
export interface Injected {
  round: number;
  kind: Kind;
  /** What exactly was done. */
  what: string;
  /** Seconds since the run began. */
  at: number;
  tookMs: number;
  /** Events committed and not handled everywhere at that moment. */
  inFlight: number;
}

/** Something did not come to rest. */
export interface Stall {
  what: string;
  /** Neither /readyz nor /parked nor the metrics showed it. */
  silent: boolean;
  /** Whether it went on after all processes were started again. */
  curedByRestart: boolean;
}

/** Faults that were injected together, and the checker's word after them. */
export interface Round {
  round: number;
  kinds: readonly Kind[];
  /** From the last fault's end until nothing moved, ms. */
  restMs: number;
  stall?: Stall;
  /** Causes of what was parked by a fault instead of tried again, and redriven. */
  parkedByFaults: readonly string[];
  report: Report;
}

/** The checker's problems by what was promised. */
export interface Broken {
  lost: number;
  doubled: number;
  inverted: number;
  other: number;
}

export interface Results {
  ok: boolean;
  seed: number;
  seconds: number;
  node: string;
  cpus: number;
  instances: Readonly<Record<string, number>>;
  people: number;
  /** Requests of staff, returnees and uploads that got no answer and were made again. */
  unanswered: number;
  faults: readonly Injected[];
  /** Planned, and impossible at that moment. */
  notDone: readonly string[];
  rounds: readonly Round[];
  problems: readonly string[];
}

export function brokenIn(problems: readonly string[]): Broken {
  const broken = { lost: 0, doubled: 0, inverted: 0, other: 0 };
  for (const problem of problems) {
    if (/is lost|does not know it|does not exist|has no returnee/.test(problem)) broken.lost += 1;
    else if (/twice|asked for \d+ times|two referrals|more escalations/.test(problem)) broken.doubled += 1;
    else if (/out of order/.test(problem)) broken.inverted += 1;
    else broken.other += 1;
  }
  return broken;
}

/** A line for each kind: how often, how much was in flight, and what the checker found in the rounds that had it. */
export function tableOf({ faults, rounds }: Pick<Results, 'faults' | 'rounds'>): string {
  const kinds = [...new Set(faults.map((fault) => fault.kind))];
  const rows = kinds.map((kind) => {
    const own = faults.filter((fault) => fault.kind === kind);
    const its = rounds.filter((round) => round.kinds.includes(kind));
    return [kind, String(own.length), ...figures(own, its)];
  });
  const total = ['all', String(faults.length), ...figures(faults, rounds)];
  const head = [
    'kind',
    'faults',
    'in flight: median',
    'most',
    'longest rest, s',
    'lost',
    'doubled',
    'inverted',
    'other',
    'stalled',
    'parked',
  ];
  return [head, head.map(() => '---'), ...rows, total].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function figures(faults: readonly Injected[], rounds: readonly Round[]): string[] {
  const flights = faults.map((fault) => fault.inFlight).sort((a, b) => a - b);
  const broken = brokenIn(rounds.flatMap((round) => round.report.problems));
  const rest = Math.max(0, ...rounds.map((round) => round.restMs));
  return [
    flights[Math.floor(flights.length / 2)] ?? 0,
    flights.at(-1) ?? 0,
    (rest / 1000).toFixed(1),
    broken.lost,
    broken.doubled,
    broken.inverted,
    broken.other,
    rounds.filter((round) => round.stall).length,
    rounds.reduce((sum, round) => sum + round.parkedByFaults.length, 0),
  ].map(String);
}
