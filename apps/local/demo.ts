/** The first start of an empty data folder imports the sample manifest, after arranging what there is to find in it. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Api } from './api';

/** 200 synthetic people; one row is wrong on purpose. Data is not compiled: it stays in the sources. */
const SAMPLE = join(__dirname.replace(/([/\\])dist\1(?=apps)/, '$1'), 'sample', 'arrivals-2026-11-20.csv');
/** Lies in the data folder from the first step to the last: a start in between begins with them again. */
const BEGUN = 'demonstration-begun';

export interface ManifestReport {
  id: string;
  status: 'processing' | 'done' | 'failed';
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  errors: { line: number; column: string | null; message: string }[];
}

/** Fills an installation that holds nothing yet; gives the id of the sample's manifest. Elsewhere nothing happens. */
export async function beginDemonstration(
  api: Api,
  dataDir: string,
  arrange: () => Promise<void>,
): Promise<string | undefined> {
  const note = join(dataDir, BEGUN);
  const isBegun = await readFile(note).then(
    () => true,
    () => false,
  );
  if (!isBegun && !(await isEmpty(api))) return undefined;
  await writeFile(note, '');
  await arrange();
  const { id } = await api.upload<{ id: string }>('/intake/manifests', await readFile(SAMPLE));
  await rm(note);
  return id;
}

async function isEmpty(api: Api): Promise<boolean> {
  for (const list of ['/intake/manifests', '/cases']) {
    const earlier = await api.get<{ items: unknown[] }>(`${list}?limit=1`);
    if (earlier.items.length > 0) return false;
  }
  return true;
}
