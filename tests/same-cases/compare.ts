/** Gives two systems the same manifests and the same people, and says where their cases differ. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { check } from '../faults/checker';
import type { Report } from '../faults/report';
import { manifestRows, type ManifestRow } from '../support/manifest';
import { Driver, type Played } from './driver';
import type { FinalCase } from './final-case';
import type { Side } from './side';

const SAMPLE = join('apps', 'local', 'sample', 'arrivals-2026-11-20.csv');

export interface Comparison {
  rows: number;
  cases: number;
  /** How many cases stand where, in the first system. */
  standings: Record<string, number>;
  /** One line for each thing that is not the same; empty when all is. */
  differences: string[];
  sides: { name: string; rounds: number; said: number; seconds: number; report: Report }[];
}

/** The first `count` rows of the sample manifest. */
export async function sampleRows(root: string, count: number): Promise<ManifestRow[]> {
  const text = await readFile(join(root, SAMPLE), 'utf8');
  return parse(text, { columns: true, to: count }) as unknown as ManifestRow[];
}

/** Rows that no system has seen, of made-up people. */
export function unseenRows(count: number, seed: number): ManifestRow[] {
  return manifestRows({ rows: count, seed });
}

/** Plays the same in both, at the same time. */
export async function compare(
  sides: readonly [Side, Side],
  manifests: readonly (readonly ManifestRow[])[],
): Promise<Comparison> {
  const [one, other] = await Promise.all(sides.map((side) => playedOn(side, manifests)));
  return {
    rows: manifests.flat().length,
    cases: one!.played.cases.size,
    standings: standingsOf(one!.played),
    differences: differences(one!.played, other!.played),
    sides: [one!, other!].map(({ side, played, seconds, report }) => ({
      name: side.name,
      rounds: played.rounds,
      said: played.said.length,
      seconds,
      report,
    })),
  };
}

async function playedOn(side: Side, manifests: readonly (readonly ManifestRow[])[]) {
  const began = performance.now();
  const played = await new Driver(side).play(manifests);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  return { side, played, seconds, report: await check(side.databaseUrl) };
}

function standingsOf({ cases }: Played): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const lines of cases.values()) {
    for (const [name, line] of Object.entries(lines)) {
      const kind = name.split(' ')[0]!;
      const standing = kind === 'need' || kind === 'case' ? line.split(/[ ,]/)[0]! : '';
      const counted = `${kind}${standing && ` ${standing}`}`;
      counts[counted] = (counts[counted] ?? 0) + 1;
    }
  }
  return counts;
}

/** Where two outcomes differ, a line each. */
function differences(one: Played, other: Played): string[] {
  const ids = [...new Set([...one.cases.keys(), ...other.cases.keys()])].toSorted();
  return [
    ...unequal('manifests', { reports: one.manifests.join() }, { reports: other.manifests.join() }),
    ...ids.flatMap((id) => unequal(id, one.cases.get(id) ?? {}, other.cases.get(id) ?? {})),
    ...onlyIn('first', one.said, other.said),
    ...onlyIn('second', other.said, one.said),
  ];
}

function unequal(name: string, one: FinalCase, other: FinalCase): string[] {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].toSorted();
  return keys
    .filter((key) => one[key] !== other[key])
    .map((key) => `${name}: ${key}: ${one[key] ?? 'nothing'} | ${other[key] ?? 'nothing'}`);
}

function onlyIn(which: string, mine: readonly string[], theirs: readonly string[]): string[] {
  const left = [...theirs];
  return mine
    .filter((line) => {
      const found = left.indexOf(line);
      if (found >= 0) left.splice(found, 1);
      return found < 0;
    })
    .map((line) => `said only in the ${which}: ${line}`);
}
