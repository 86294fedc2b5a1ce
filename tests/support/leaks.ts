/** Looks for what must not be somewhere: values of persons, in every form in which they may hide, and restricted codes. */

/** One value that tells of somebody. */
export interface Marker {
  readonly value: string;
  /** Whose it is: the name of a person of the story, or of whoever typed it. */
  readonly of: string;
  /** The field by its name in messages (`familyNames`), `typed`, or `id`. */
  readonly field: string;
}

/** A text that somebody can read, and what may stand in it. */
export interface Place {
  readonly where: string;
  readonly text: string;
  may(marker: Marker): boolean;
  /** Restricted codes that may stand here; `all` of them where the case itself is told. */
  readonly codes: 'all' | readonly string[];
}

/**
 * Codes that say what somebody suffered or suffers from, and of services that would say as much. `disability` is the name of
 * an agency too, and so stands in the names of its topics and tables.
 */
export const RESTRICTED = [
  'gender-based-violence',
  'trafficking',
  'unaccompanied-child',
  'unaccompanied',
  'tb-or-hiv',
  'pregnant',
  'chronic-illness',
  'mental-distress',
  'disability-card',
  'womens-emergency-centre',
  'special-protection-unit',
  'trafficking-care',
  'trafficking-case',
];

/** Every leak as `where: what`; empty when there is none. */
export function leaksIn(places: readonly Place[], markers: readonly Marker[]): string[] {
  const forms = markers.map((marker) => ({ marker, forms: formsOf(marker.value) }));
  const found = new Set<string>();
  for (const place of places) {
    const lower = place.text.toLowerCase();
    for (const { marker, forms: of } of forms) {
      const form = of.find(({ text, exact }) => isIn(exact ? place.text : lower, text));
      if (form && !place.may(marker))
        found.add(`${place.where}: ${marker.field} of ${marker.of} (${form.how})`);
    }
    if (place.codes === 'all') continue;
    for (const code of RESTRICTED) {
      if (!place.codes.includes(code) && wordOf(code).test(place.text))
        found.add(`${place.where}: the code ${code}`);
    }
  }
  return [...found];
}

/** A few digits may stand in a longer number, or behind its point, by chance. */
function isIn(text: string, form: string): boolean {
  if (!text.includes(form)) return false;
  return !/^\d{1,6}$/.test(form) || new RegExp(`(?<![\\d.])${form}(?!\\d)`).test(text);
}

const words = new Map<string, RegExp>();

function wordOf(code: string): RegExp {
  let word = words.get(code);
  if (!word) words.set(code, (word = new RegExp(`(?<![\\w-])${code}(?![\\w-])`, 'i')));
  return word;
}

interface Form {
  readonly how: string;
  readonly text: string;
  /** Upper and lower case are told apart. */
  readonly exact?: boolean;
}

function formsOf(value: string): Form[] {
  const plain = value.toLowerCase();
  const bytes = Buffer.from(value, 'utf8');
  const forms: Form[] = [
    { how: 'as it is', text: plain },
    { how: 'without accents', text: plain.normalize('NFD').replace(/\p{M}/gu, '') },
    { how: 'in an address', text: encodeURIComponent(value).toLowerCase() },
    { how: 'escaped', text: escaped(plain) },
    { how: 'in hexadecimal', text: bytes.toString('hex') },
  ];
  // Three places of a byte in its group of three, each with the characters that the value alone decides.
  for (const before of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const own = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    if (own.length < 8) continue;
    forms.push({ how: 'in base64', text: own, exact: true });
    forms.push({
      how: 'in base64url',
      text: own.replaceAll('+', '-').replaceAll('/', '_'),
      exact: true,
    });
  }
  return forms.filter((form, i) => i === 0 || form.text !== plain);
}

function escaped(text: string): string {
  return text.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
