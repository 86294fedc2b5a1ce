/**
 * Finding the case of a person by what they say of themselves. Nothing is read for it: the keys by which registrations meet
 * (blocking.ts) are made of the question, so that spelling and accents do not matter and no name is kept in the open.
 */
import { type DataSource, type EntityManager } from 'typeorm';
import { keyed, nameKey, bornKey, documentKeys } from '../duplicates/blocking';
import { soundOf, wordsOf } from '../duplicates/name-forms';

/** What is asked: a document's number, or names; with a date of birth some of the names are enough. */
export interface PersonAsked {
  readonly names?: string | undefined;
  /** `YYYY-MM-DD` */
  readonly born?: string | undefined;
  readonly document?: string | undefined;
}

/** Found are those who have at least so many of these keys. */
interface Condition {
  readonly keys: readonly string[];
  readonly atLeast: number;
}

export interface FoundCase {
  readonly returneeId: string;
  readonly caseId: string;
  readonly caseNumber: string;
}

/** Names beyond these are not looked at: the combinations would be many. */
const MOST_WORDS = 6;
/** With the date of birth, so many names of those given are enough. */
const ENOUGH_NAMES = 2;
/** More than these are not one person any more. */
export const MOST_FOUND = 20;
/** Registrations that are looked at, the newest: several may be of one person. 20,000 of one name among 1,000,000 took 2 s. */
const MOST_MET = 500;

/** All of these must hold; empty when the question names nobody (one name alone, or a date alone). Pure. */
export function conditionsOf({ names = '', born, document }: PersonAsked, pepper: Buffer): Condition[] {
  const conditions: string[][] = [];
  const enough: number[] = [];
  if (document !== undefined) {
    conditions.push(documentKeys(document));
    enough.push(1);
  }
  const sounds = [...new Set(wordsOf(names).map(soundOf))].slice(0, MOST_WORDS);
  if (sounds.length > 0 && born !== undefined) {
    conditions.push(sounds.map((sound) => bornKey(born, sound)));
    enough.push(Math.min(ENOUGH_NAMES, sounds.length));
  } else if (sounds.length > 1) {
    conditions.push(combinations(sounds).map(nameKey));
    enough.push(1);
  }
  return conditions.map((values, i) => ({
    keys: values.map((value) => keyed(value, pepper)),
    atLeast: enough[i]!,
  }));
}

/** Two or three of them: a first name with one surname, or with both. */
function combinations(words: readonly string[]): string[][] {
  const found: string[][] = [];
  words.forEach((a, i) =>
    words.slice(i + 1).forEach((b, j) => {
      found.push([a, b]);
      for (const c of words.slice(i + j + 2)) found.push([a, b, c]);
    }),
  );
  return found;
}

/** The cases of whom the question fits, newest first, one more than are shown; of merged ones the case that goes on. */
export function findCases(
  tx: DataSource | EntityManager,
  conditions: readonly Condition[],
): Promise<FoundCase[]> {
  const params: unknown[] = [];
  const param = (value: unknown): string => `$${params.push(value)}`;
  const met = conditions.map(
    ({ keys, atLeast }) =>
      `select seq from duplicate_key where key = any(${param(keys)}::bigint[]) group by seq having count(*) >= ${param(atLeast)}::int`,
  );
  return tx.query(
    `select c.id as "returneeId", c.case_id as "caseId", c.case_number as "caseNumber"
     from (select seq from (${met.join(' intersect ')}) as every order by seq desc limit ${MOST_MET}) as met
       join returnee r on r.seq = met.seq
       join returnee c on c.id = coalesce(r.merged_into, r.id)
     group by c.id order by c.seq desc limit ${MOST_FOUND + 1}`,
    params,
  );
}
