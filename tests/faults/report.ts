/** What the checker found: figures, and every promise that was broken in a sentence. */

export interface Report {
  ok: boolean;
  /** Streams written, each counted once however many read it. */
  streams: number;
  /** Events written. */
  events: number;
  cases: number;
  /** Referrals that were sent. */
  referrals: number;
  /** Events not acknowledged by every reader yet, and manifests still being read. */
  inFlight: number;
  parked: number;
  held: number;
  skipped: number;
  /** Events that writers restored from an older copy have on record as lost. */
  lostByRestore: number;
  /** Names streams, ids and numbers, and no personal data. */
  problems: string[];
}

/** Problems beyond this number are counted and not kept. */
const KEPT = 200;

/** Collects figures and problems while the checks run. */
export class Findings {
  private dropped = 0;
  private readonly problems: string[] = [];
  private readonly figures = {
    streams: 0,
    events: 0,
    cases: 0,
    referrals: 0,
    inFlight: 0,
    parked: 0,
    held: 0,
    skipped: 0,
    lostByRestore: 0,
  };

  count(figure: keyof Findings['figures'], by = 1): void {
    this.figures[figure] += by;
  }

  problem(text: string): void {
    if (this.problems.length < KEPT) this.problems.push(text);
    else this.dropped += 1;
  }

  report(): Report {
    const more = this.dropped > 0 ? [`… and ${this.dropped} more problems`] : [];
    const problems = [...this.problems, ...more];
    return { ok: problems.length === 0, ...this.figures, problems };
  }
}

/** The report as lines for a terminal. */
export function printed(report: Report): string {
  const { ok: _ok, problems, ...figures } = report;
  const counts = Object.entries(figures)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
  const verdict =
    problems.length === 0
      ? 'checker: nothing lost, doubled, out of order or forgotten'
      : `checker: ${problems.length} problem${problems.length === 1 ? '' : 's'}`;
  return [`${verdict} (${counts})`, ...problems.map((problem) => `  - ${problem}`)].join('\n');
}
