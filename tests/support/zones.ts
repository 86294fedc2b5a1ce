/** Machine-readable zones of made-up documents, with their check digits (ICAO Doc 9303-3, 4.9). */

interface Holder {
  readonly family: string;
  readonly given: string;
  readonly number: string;
  readonly nationality: string;
  readonly issuer: string;
  readonly birth: string;
  readonly sex: string;
  readonly expiry: string;
}

const ROSA: Holder = {
  family: 'QUISPE<MAMANI',
  given: 'ROSA<MARIA',
  number: '123456789',
  nationality: 'PER',
  issuer: 'PER',
  birth: '850214',
  sex: 'F',
  expiry: '300101',
};

/** The two lines of a passport. */
export function passportZone(changes: Partial<Holder> = {}): string {
  const { family, given, number, nationality, issuer, birth, sex, expiry } = { ...ROSA, ...changes };
  const first = filled(`P<${issuer}${family}<<${given}`, 44);
  const numbered = withDigit(filled(number, 9));
  const born = withDigit(birth);
  const ends = withDigit(expiry);
  const optional = withDigit(filled('', 14));
  const all = digitOf(numbered + born + ends + optional);
  return `${first}\n${numbered}${nationality}${born}${sex}${ends}${optional}${all}`;
}

/** The three lines of an identity card. */
export function cardZone(changes: Partial<Holder> = {}): string {
  const card = { ...ROSA, number: '44556677', ...changes };
  const numbered = filled(withDigit(filled(card.number, 9)), 25);
  const born = withDigit(card.birth);
  const ends = withDigit(card.expiry);
  const optional = filled('', 11);
  const all = digitOf(numbered + born + ends + optional);
  return [
    `I<${card.issuer}${numbered}`,
    `${born}${card.sex}${ends}${card.nationality}${optional}${all}`,
    filled(`${card.family}<<${card.given}`, 30),
  ].join('\n');
}

function filled(text: string, length: number): string {
  return text.padEnd(length, '<').slice(0, length);
}

function withDigit(text: string): string {
  return `${text}${digitOf(text)}`;
}

function digitOf(text: string): number {
  const sum = [...text].reduce((total, character, i) => {
    const value = character === '<' ? 0 : parseInt(character, 36);
    return total + value * [7, 3, 1][i % 3]!;
  }, 0);
  return sum % 10;
}
