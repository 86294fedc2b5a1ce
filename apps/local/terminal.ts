/** What a person sees while the cases move: a line per agency, then a table of how things stand. */
import type { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from './api';
import type { ManifestReport } from './demo';

interface Summary {
  byStatus: Record<string, number>;
  overdue: number;
}

interface CaseCounts {
  byStatus: Record<string, number>;
  waiting: number;
  escalated: number;
  escalations: { reason: string; group: string | null; cases: number }[];
  /** What open cases wait for, by kind. */
  waitingFor: { what: string; cases: number }[];
}

const BAR = 24;
/** Cases count as settled down when nothing changed for this long, ms. */
const QUIET_MS = 6_000;

export class Terminal {
  private drawn = 0;

  constructor(
    private readonly api: Api,
    private readonly agencies: readonly string[],
    private readonly out: Writable & { isTTY?: boolean } = process.stdout,
  ) {}

  say(text: string): void {
    this.out.write(`${text}\n`);
    this.drawn = 0;
  }

  /** Follows an import to its end and names the rows that were refused. */
  async followImport(id: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const report = await this.once(() => this.api.get<ManifestReport>(`/intake/manifests/${id}`), signal);
      if (!report) continue;
      this.draw([
        `Manifest: ${report.rows} rows read, ${report.created} cases opened, ${report.rejected} rows refused`,
      ]);
      if (report.status !== 'processing') {
        this.drawn = 0;
        for (const error of report.errors.slice(0, 10)) {
          this.say(`  line ${error.line}, ${error.column ?? 'row'}: ${error.message}`);
        }
        return;
      }
      await pause(200, undefined, { signal });
    }
  }

  /** Draws a line per agency until nothing moves any more, then the table. */
  async followCases(signal: AbortSignal): Promise<void> {
    const started = Date.now();
    let last = '';
    let quietSince = Date.now();
    while (!signal.aborted) {
      const found = await this.once(() => this.counts(), signal);
      if (!found) continue;
      const { summaries, cases } = found;
      const lines = this.agencies.map((slug, i) => agencyLine(slug, summaries[i]!));
      lines.push('', caseLine(cases, Date.now() - started));
      this.draw(lines);
      const now = JSON.stringify([summaries, cases.byStatus]);
      if (now !== last) quietSince = Date.now();
      last = now;
      if (Date.now() - quietSince > QUIET_MS) return;
      await pause(this.out.isTTY ? 500 : 3_000, undefined, { signal }).catch(() => undefined);
    }
  }

  private async counts(): Promise<{ summaries: Summary[]; cases: CaseCounts }> {
    const summaries = this.agencies.map((slug) =>
      this.api.get<Summary>(`/agencies/${slug}/referrals/summary`),
    );
    return {
      summaries: await Promise.all(summaries),
      cases: await this.api.get<CaseCounts>('/cases/summary'),
    };
  }

  /** One look; undefined, after a pause, when it failed: the database may be away for a moment. */
  private async once<T>(look: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    try {
      return await look();
    } catch {
      await pause(1_000, undefined, { signal });
      return undefined;
    }
  }

  async table(): Promise<void> {
    const cases = await this.api.get<CaseCounts>('/cases/summary');
    const { completed = 0, closed = 0, closing = 0 } = cases.byStatus;
    this.drawn = 0;
    this.say('');
    this.say('  Cases');
    this.row('completed', completed);
    if (closed + closing > 0) this.row('closed or closing', closed + closing);
    this.row('waiting for an answer', cases.waiting);
    this.row('escalated to a person', cases.escalated);
    this.say('\n  Cases under way wait for (a case may wait for several)');
    for (const { what, cases: count } of cases.waitingFor) this.row(what, count);
    this.say('\n  Open escalations by cause, in cases (also of completed ones with a need unmet)');
    for (const e of cases.escalations) this.row(e.group ?? e.reason, e.cases);
    this.say('');
  }

  private row(label: string, count: number): void {
    this.say(`    ${label.padEnd(44)} ${String(count).padStart(6)}`);
  }

  /** Draws over what was drawn before when the output is a terminal; appends otherwise. */
  private draw(lines: readonly string[]): void {
    const tty = this.out.isTTY === true;
    if (tty && this.drawn > 0) this.out.write(`\u001b[${this.drawn}A`);
    for (const line of lines) this.out.write(tty ? `\u001b[2K${line}\n` : `${line}\n`);
    this.drawn = lines.length;
  }
}

function agencyLine(slug: string, { byStatus, overdue }: Summary): string {
  const count = (...statuses: string[]): number => statuses.reduce((sum, s) => sum + (byStatus[s] ?? 0), 0);
  const all = Object.values(byStatus).reduce((sum, n) => sum + n, 0);
  const done = count('completed');
  const ended = count('rejected', 'failed', 'cancelled');
  const filled = all === 0 ? 0 : Math.round((BAR * (done + ended)) / all);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR - filled);
  const open = `${count('received')} new, ${count('accepted', 'in-progress', 'on-hold')} in work`;
  const late = overdue > 0 ? `, ${overdue} overdue` : '';
  return `  ${slug.padEnd(17)} ${bar} ${String(all).padStart(5)} referrals: ${done} done, ${open}, ${ended} ended otherwise${late}`;
}

function caseLine(cases: CaseCounts, ms: number): string {
  const all = Object.values(cases.byStatus).reduce((sum, n) => sum + n, 0);
  const done = cases.byStatus['completed'] ?? 0;
  return `  ${all} cases: ${done} completed, ${cases.waiting} waiting, ${cases.escalated} escalated   (${Math.round(ms / 1000)} s)`;
}
