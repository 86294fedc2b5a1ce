/** The plan as a drawing: who waits for whom, from left to right. Pure; the table beside it says the same. */
import { html, type Html } from '@retorno/service';
import { hasEnded, isSent, outlookFor, type CaseFile, type ShownReferral } from './case';
import type { Names } from './names';

const BOX = { width: 246, height: 66, gapX: 60, gapY: 18, margin: 8 };
/** Longest line in a box, characters. */
const LINE = 28;

interface Step {
  readonly id: string;
  readonly lines: readonly [title: string, agency: string, state: string];
  readonly kind: 'done' | 'sent' | 'planned' | 'over' | 'missing';
  readonly after: readonly string[];
  readonly isCritical: boolean;
}

/** What is drawn in words: `label` describes the drawing, `state` a referral, `missing` a step that nobody offers. */
export interface GraphWords {
  readonly label: string;
  readonly state: (referral: ShownReferral) => string;
  readonly missing: string;
}

export function planGraph(file: CaseFile, names: Names, words: GraphWords): Html {
  const steps = stepsOf(file, names, words);
  const place = placesOf(steps);
  const columns = Math.max(...[...place.values()].map(({ x }) => x)) + BOX.width + BOX.margin;
  const rows = Math.max(...[...place.values()].map(({ y }) => y)) + BOX.height + BOX.margin;
  const critical = file.outlook.critical;
  const edges = steps.flatMap(({ id, after }) =>
    after.map((before) => {
      const isCritical = critical.includes(before) && critical.includes(id);
      return html`<path
        class="edge ${isCritical && 'critical'}"
        d="${curve(place.get(before)!, place.get(id)!)}"
      />`;
    }),
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${words.label}">
    <svg
      class="plan"
      role="img"
      aria-label="${words.label}"
      width="${columns}"
      height="${rows}"
      viewBox="0 0 ${columns} ${rows}"
    >
      ${edges} ${steps.map((step) => box(step, place.get(step.id)!))}
    </svg>
  </div>`;
}

function box({ lines, kind, isCritical }: Step, { x, y }: Place): Html {
  const text = lines.map(
    (line, i) =>
      html`<text x="${x + 10}" y="${y + 20 + i * 18}" class="${i === 0 && 'title'}"
        >${shortened(line)}</text
      >`,
  );
  return html`<g class="step step-${kind} ${isCritical && 'critical'}">
    <title>${lines.filter(Boolean).join(' · ')}</title>
    <rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" />
    ${text}
  </g>`;
}

function shortened(line: string): string {
  return line.length > LINE ? `${line.slice(0, LINE - 1)}…` : line;
}

/** Attempts that another one has taken the place of are left out, unless something still waits for them. */
function stepsOf(file: CaseFile, names: Names, words: GraphWords): Step[] {
  const { referrals } = file.shown;
  const awaited = new Set(
    referrals.flatMap(({ id }) => outlookFor(file, id).prerequisites.map((p) => p.referralId)),
  );
  const shown = referrals.filter((r) => !isReplaced(r, referrals) || awaited.has(r.id));
  const ids = new Set(shown.map(({ id }) => id));
  const missing = new Map<string, Step>();
  const steps = shown.map((referral): Step => {
    const after = outlookFor(file, referral.id).prerequisites.flatMap((prerequisite) => {
      const { referralId, service, state } = prerequisite;
      if (referralId !== null && ids.has(referralId)) return [referralId];
      if (referralId !== null || state !== 'awaited') return [];
      const lines = [names.prerequisite(prerequisite), '', words.missing] as const;
      missing.set(service, { id: service, lines, kind: 'missing', after: [], isCritical: false });
      return [service];
    });
    return {
      id: referral.id,
      lines: [names.service(referral), names.agency(referral), words.state(referral)],
      kind: kindOf(referral),
      after,
      isCritical: file.outlook.critical.includes(referral.id),
    };
  });
  return [...missing.values(), ...steps];
}

/** True for an attempt that ended without serving and that a later one has taken the place of. */
function isReplaced(referral: ShownReferral, referrals: readonly ShownReferral[]): boolean {
  if (referral.status === 'completed' || !hasEnded(referral)) return false;
  return referrals.some(
    (other) =>
      other.attempt > referral.attempt &&
      (other.service === referral.service || other.needs.some((need) => referral.needs.includes(need))),
  );
}

function kindOf(referral: ShownReferral): Step['kind'] {
  if (referral.status === 'completed') return 'done';
  if (isSent(referral)) return 'sent';
  return referral.status === 'planned' ? 'planned' : 'over';
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** A column for every step that must come before, and a row for each step in a column. */
function placesOf(steps: readonly Step[]): Map<string, Place> {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const depths = new Map<string, number>();
  const depthOf = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    // Steps that wait for each other stand side by side.
    depths.set(id, 0);
    const before = byId.get(id)?.after ?? [];
    const depth = before.length === 0 ? 0 : Math.max(...before.map(depthOf)) + 1;
    depths.set(id, depth);
    return depth;
  };
  const filled: number[] = [];
  return new Map(
    steps.map(({ id }) => {
      const column = depthOf(id);
      const row = filled[column] ?? 0;
      filled[column] = row + 1;
      const x = BOX.margin + column * (BOX.width + BOX.gapX);
      return [id, { x, y: BOX.margin + row * (BOX.height + BOX.gapY) }];
    }),
  );
}

function curve(from: Place, to: Place): string {
  const [x1, y1, x2, y2] = [from.x + BOX.width, from.y + BOX.height / 2, to.x, to.y + BOX.height / 2];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}
