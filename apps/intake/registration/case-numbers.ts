/** The ids and the case number of somebody new. */
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Registration } from '../manifests/manifest-row';

/** What a new registration goes by. */
export interface NewIds {
  returneeId: string;
  caseId: string;
  /** `RT-2026-000123`: the year is that of the arrival. */
  caseNumber: string;
}

/** No number up to this one is given out again. */
export async function numberOn(tx: EntityManager, caseNumber: string): Promise<void> {
  const [, year, last] = caseNumber.split('-');
  await tx.query(
    `insert into case_number as c (year, last) values ($1, $2)
     on conflict (year) do update set last = greatest(c.last, excluded.last)`,
    [year, Number(last)],
  );
}

/** New ids and case numbers. Numbers of a year rise without being promised gap-free. */
export async function mint(
  tx: EntityManager,
  rows: readonly Registration[],
): Promise<Map<Registration, NewIds>> {
  const minted = new Map<Registration, NewIds>();
  const years = new Set(rows.map((row) => row.journey.arrivalDate.slice(0, 4)));
  for (const year of [...years].sort()) {
    const ofYear = rows.filter((row) => row.journey.arrivalDate.startsWith(year));
    const [counter]: { last: number }[] = await tx.query(
      `insert into case_number as c (year, last) values ($1, $2)
       on conflict (year) do update set last = c.last + excluded.last returning last`,
      [year, ofYear.length],
    );
    const first = counter!.last - ofYear.length + 1;
    ofYear.forEach((row, i) => {
      const caseNumber = `RT-${year}-${String(first + i).padStart(6, '0')}`;
      minted.set(row, { returneeId: uuidv7(), caseId: uuidv7(), caseNumber });
    });
  }
  return minted;
}
