/** How alike two registrations are, and by what: a number for people to decide by, never a decision. */
import { jaroWinkler } from '@skyra/jaro-winkler';
import type { DuplicateSuspected, Person } from '@retorno/contracts';
import { documentCharacters } from '../fields/documents';
import { soundOf, wordsOf } from './name-forms';

/** One registration as it is compared. A household is one of its sending authority. */
export interface Registered {
  readonly person: Person;
  readonly sendingAuthority: string;
}

interface Word {
  readonly text: string;
  readonly sound: string;
}

/** The same with the forms of its names: they cost more than comparing them. */
export interface Comparable extends Registered {
  readonly family: readonly Word[];
  readonly given: readonly Word[];
}

/** Makes a registration ready to be compared, with as many others as there are. */
export function comparable({ person, sendingAuthority }: Registered): Comparable {
  const words = (name: string): Word[] => wordsOf(name).map((text) => ({ text, sound: soundOf(text) }));
  return { person, sendingAuthority, family: words(person.familyNames), given: words(person.givenNames) };
}

/** What spoke for one person, or against it. */
type Reason =
  | 'document-same'
  | 'document-close'
  | 'document-other'
  | 'names-same'
  | 'names-alike'
  | 'given-names-other'
  | 'birth-same'
  | 'birth-close'
  | 'phone-same'
  | 'email-same'
  | 'sex-other'
  | 'same-household';

export interface Likeness {
  /** 0 to 100. */
  readonly score: number;
  readonly reasons: readonly Reason[];
}

/** The weights, as measured in docs/decisions/0009-duplicates.md. */
const SCORING = {
  /** From here on somebody is asked. */
  suspect: 80,
  familyNames: 30,
  givenNames: 30,
  birth: 40,
  documentSame: 40,
  documentClose: 10,
  /** Another number of the national document, which one keeps for life, and of any other, which are renewed. */
  otherDni: -35,
  otherDocument: -5,
  phoneSame: 6,
  emailSame: 10,
  sexOther: -25,
  /** Words less alike than this are two names. */
  sameWord: 0.88,
  /** An initial and the name that it stands for. */
  initial: 0.9,
  /** Two spellings of one sound. */
  sound: 0.96,
  /** Family and given names taken together, where they stand in the other's place. */
  mixedNames: 0.95,
  /** Each name that only one of the two has. */
  missingWord: 0.04,
  birthSwapped: 0.9,
  birthOneOff: 0.85,
  /** The most for people with other given names, and for members of one household: brothers, sisters, twins. */
  relatives: 60,
} as const;

/** Compares two registrations. Symmetric. */
export function score(a: Comparable, b: Comparable): Likeness {
  const reasons: Reason[] = [];
  const names = namesAlike(a, b);
  const birth = birthAlike(a.person.dateOfBirth, b.person.dateOfBirth);
  let points = SCORING.familyNames * names.family + SCORING.givenNames * names.given + SCORING.birth * birth;
  const add = (reason: Reason, worth: number): void => {
    reasons.push(reason);
    points += worth;
  };
  if (names.same) add('names-same', 0);
  else if (names.given > 0 && names.family > 0) add('names-alike', 0);
  if (birth === 1) add('birth-same', 0);
  else if (birth > 0) add('birth-close', 0);
  const document = documentsAlike(a.person, b.person);
  if (document === 'same') add('document-same', SCORING.documentSame);
  else if (document === 'close') add('document-close', SCORING.documentClose);
  else if (document === 'other') {
    add('document-other', a.person.documentType === 'dni' ? SCORING.otherDni : SCORING.otherDocument);
  }
  if (a.person.phone && a.person.phone === b.person.phone) add('phone-same', SCORING.phoneSame);
  if (a.person.email && a.person.email === b.person.email) add('email-same', SCORING.emailSame);
  if (a.person.sex !== b.person.sex) add('sex-other', SCORING.sexOther);
  if (document !== 'same') {
    const otherNames = names.given === 0;
    // A manifest names its members one by one: two of one household are one person only if all is the same.
    const members = sameHousehold(a, b) && !(names.same && birth === 1);
    if (otherNames) reasons.push('given-names-other');
    if (members) reasons.push('same-household');
    if (otherNames || members) points = Math.min(points, SCORING.relatives);
  }
  return { score: Math.round(Math.max(0, Math.min(100, points))), reasons };
}

/** The ground on which somebody is asked about two registrations, with their score; undefined when nobody is. */
export function suspicion(
  a: Comparable,
  b: Comparable,
): Required<Pick<DuplicateSuspected, 'ground' | 'score'>> | undefined {
  const { score: points, reasons } = score(a, b);
  if (reasons.includes('document-same')) return { ground: 'same-document', score: points };
  if (reasons.includes('names-same') && reasons.includes('birth-same')) {
    return { ground: 'same-names-and-birth-date', score: points };
  }
  return points >= SCORING.suspect ? { ground: 'similar-person', score: points } : undefined;
}

function namesAlike(a: Comparable, b: Comparable): { family: number; given: number; same: boolean } {
  const same = joined(a.family) === joined(b.family) && joined(a.given) === joined(b.given);
  if (same) return { family: 1, given: 1, same };
  const family = wordsAlike(a.family, b.family);
  const given = wordsAlike(a.given, b.given);
  if (family > 0 && given > 0) return { family, given, same };
  // Which name is a given one is not the same everywhere.
  const all = wordsAlike([...a.family, ...a.given], [...b.family, ...b.given]) * SCORING.mixedNames;
  return all > 0 ? { family: all, given: all, same } : { family, given, same };
}

function joined(words: readonly Word[]): string {
  return words.map((word) => word.text).join(' ');
}

/** 0 to 1: 0 as soon as one word of the shorter name has no like in the other, in whatever order they stand. */
function wordsAlike(a: readonly Word[], b: readonly Word[]): number {
  const [few, many] = a.length <= b.length ? [a, [...b]] : [b, [...a]];
  if (few.length === 0) return 0;
  const missing = (many.length - few.length) * SCORING.missingWord;
  let sum = 0;
  for (const word of few) {
    const likeness = many.map((other) => wordAlike(word, other));
    const best = Math.max(...likeness);
    // Written as one word here and as several there.
    if (best < SCORING.sameWord) return joinedAlike(a, b);
    sum += best;
    many.splice(likeness.indexOf(best), 1);
  }
  return Math.max(0, sum / few.length - missing);
}

function joinedAlike(a: readonly Word[], b: readonly Word[]): number {
  if (a.length === b.length) return 0;
  const text = (words: readonly Word[]) => words.map((word) => word.text).join('');
  return text(a) === text(b) ? SCORING.sound : 0;
}

function wordAlike({ text: a, sound }: Word, { text: b, sound: otherSound }: Word): number {
  if (a === b) return 1;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length === 1) return long.startsWith(short) ? SCORING.initial : 0;
  if (sound === otherSound) return SCORING.sound;
  return long.length - short.length > 2 || ofAnother(a, b) ? 0 : jaroWinkler(a, b);
}

/** Carlos and Carla, Luis and Luisa, Mario and María: with another ending it is another person's name. */
function ofAnother(a: string, b: string): boolean {
  const [x, y] = [a.at(-1), b.at(-1)];
  return x !== y && ('ao'.includes(x ?? '') || 'ao'.includes(y ?? ''));
}

/** 0 to 1: the same date, day and month swapped, or one slip of the pen. */
function birthAlike(a: string, b: string): number {
  if (a === b) return 1;
  const [year, month, day] = a.split('-');
  if (b === `${year}-${day}-${month}`) return SCORING.birthSwapped;
  return oneSlip(a, b) ? SCORING.birthOneOff : 0;
}

function documentsAlike(a: Person, b: Person): 'same' | 'close' | 'other' | undefined {
  const [mine, other] = [a, b].map(documentCharacters);
  if (!mine || !other || a.documentType !== b.documentType) return undefined;
  if (mine === other) return 'same';
  return oneSlip(mine, other) ? 'close' : 'other';
}

/** One character otherwise, or two neighbours in the other order. */
function oneSlip(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const off = [...a].flatMap((char, i) => (char === b[i] ? [] : [i]));
  const [i = 0, j = 0] = off;
  return off.length === 1 || (off.length === 2 && j === i + 1 && a[i] === b[j] && a[j] === b[i]);
}

function sameHousehold(a: Registered, b: Registered): boolean {
  const { household } = a.person;
  return (
    household !== undefined && household === b.person.household && a.sendingAuthority === b.sendingAuthority
  );
}
