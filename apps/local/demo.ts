/** The first start of an empty data folder imports the sample manifest. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Api } from './api';

/** 200 synthetic people; one row is wrong on purpose. Data is not compiled: it stays in the sources. */
const SAMPLE = join(__dirname.replace(/([/\\])dist\1(?=apps)/, '$1'), 'sample', 'arrivals-2026-11-20.csv');

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

/** Uploads the sample into an installation that holds nothing yet; gives its id. */
export async function importSample(api: Api): Promise<string | undefined> {
  for (const list of ['/intake/manifests', '/cases']) {
    const earlier = await api.get<{ items: unknown[] }>(`${list}?limit=1`);
    if (earlier.items.length > 0) return undefined;
  }
  const { id } = await api.upload<{ id: string }>('/intake/manifests', await readFile(SAMPLE));
  return id;
}
