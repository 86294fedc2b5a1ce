/** Pairs of registrations of whom it is known whether they are one person. Made up by rule; no real data. */
import type { Person } from '@retorno/contracts';
import fc from 'fast-check';

/** One registration, as far as it is compared. */
interface Registered {
  readonly person: Person;
  readonly sendingAuthority: string;
}

/** An ordinary person of a frequent name, and what a test says otherwise. */
export function someone(changes: Partial<Person> = {}): Registered {
  return {
    sendingAuthority: 'consulate:us-miami',
    person: {
      familyNames: 'Quispe Mamani',
      givenNames: 'Juan Carlos',
      dateOfBirth: '1990-05-16',
      sex: 'M',
      nationality: 'PE',
      documentType: 'none',
      relationship: 'single',
      languages: ['es'],
      destinationUbigeo: '150101',
      ...changes,
    },
  };
}

const SLIPS = [
  'accents',
  'capitals',
  'order',
  'one-surname',
  'one-given-name',
  'by-ear',
  'typo',
  'swap',
  'digit',
  'phone',
  'no-document',
  'passport',
  'document-digit',
] as const;

interface Pair {
  readonly a: Registered;
  readonly b: Registered;
  readonly same: boolean;
  readonly kind: string;
}

/** Pairs made up by rule: the same person written otherwise, and people who look alike. Always the same ones. */
export function labelled(): Pair[] {
  const SURNAMES =
    'Quispe Mamani Flores Sánchez Rodríguez García Rojas Huamán Chávez Torres Ramos López Díaz Vásquez Condori Ramírez Castillo Gonzales Espinoza Mendoza Yupanqui Choque Apaza Ñahui Peña Vargas Huanca Ccori'.split(
      ' ',
    );
  const MEN = 'Juan Carlos José Luis Jorge Miguel Víctor Pedro Wilber Jhon Edwin Hugo Percy Elmer'.split(' ');
  const WOMEN = 'María Rosa Ana Luz Carmen Gladys Yeny Ruth Nelly Elena Flor Maribel Yolanda Sonia'.split(
    ' ',
  );
  const digits = (length: number) =>
    fc.array(fc.nat({ max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''));
  const names = (sex: 'F' | 'M') =>
    fc.uniqueArray(fc.constantFrom(...(sex === 'F' ? WOMEN : MEN)), { minLength: 2, maxLength: 2 });
  const date = fc
    .tuple(
      fc.integer({ min: 1950, max: 2015 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 28 }),
    )
    .map(([y, m, d]) => `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`);
  const human = fc.constantFrom('F' as const, 'M' as const).chain((sex) =>
    fc.record({
      sex: fc.constant(sex),
      family: fc.tuple(fc.constantFrom(...SURNAMES), fc.constantFrom(...SURNAMES)),
      given: names(sex),
      more: names(sex),
      dateOfBirth: date,
      otherDate: date,
      dni: digits(8),
      otherDni: digits(8),
      hasDni: fc.boolean(),
      phone: digits(9),
    }),
  );
  const place = fc.nat({ max: 1000 });
  const slip = fc.record({ kind: fc.constantFrom(...SLIPS), at: place, to: fc.nat({ max: 8 }) });
  const sample = fc.sample(fc.record({ human, slips: fc.array(slip, { minLength: 1, maxLength: 3 }) }), {
    numRuns: 1500,
    seed: 20261120,
  });
  return sample.flatMap(({ human: h, slips }, i): Pair[] => {
    const a = someone({
      familyNames: h.family.join(' '),
      givenNames: h.given.join(' '),
      dateOfBirth: h.dateOfBirth,
      sex: h.sex,
      phone: `+51${h.phone}`,
      ...(h.hasDni ? { documentType: 'dni', documentNumber: h.dni } : {}),
    });
    const other = { ...a.person, ...(h.hasDni ? { documentNumber: h.otherDni } : {}) };
    const { phone: _phone, ...stranger } = other;
    const of = (kind: string, person: Person, same = false): Pair => ({
      a,
      b: { ...a, person },
      same,
      kind,
    });
    const distinct = h.more.some((name) => !h.given.includes(name));
    const pairs: Pair[] = [
      of(
        'same',
        slips.reduce((p, s) => slipped(p, s.kind, s.at, s.to), a.person),
        true,
      ),
    ];
    if (i % 3 === 0 && distinct) pairs.push(of('twins', { ...other, givenNames: h.more.join(' ') }));
    if (i % 3 === 1 && distinct)
      pairs.push(of('siblings', { ...other, givenNames: h.more.join(' '), dateOfBirth: h.otherDate }));
    if (i % 3 === 2) pairs.push(of('homonyms', { ...stranger, dateOfBirth: h.otherDate }));
    const next = sample[(i + 1) % sample.length]!.human;
    pairs.push(
      of('strangers', {
        ...stranger,
        familyNames: h.family.join(' '),
        givenNames: next.given.join(' '),
        dateOfBirth: next.dateOfBirth,
        sex: next.sex,
      }),
    );
    return pairs;
  });
}

function slipped(p: Person, kind: (typeof SLIPS)[number], at: number, to: number): Person {
  const [first = '', second = ''] = p.familyNames.split(' ');
  const { documentNumber, ...undocumented } = p;
  switch (kind) {
    case 'accents':
      return { ...p, familyNames: p.familyNames.normalize('NFD').replace(/\p{M}/gu, '') };
    case 'capitals':
      return { ...p, givenNames: p.givenNames.toUpperCase() };
    case 'order':
      return { ...p, familyNames: `${second} ${first}`.trim() };
    case 'one-surname':
      return { ...p, familyNames: first };
    case 'one-given-name':
      return { ...p, givenNames: p.givenNames.split(' ')[0]! };
    case 'by-ear':
      return {
        ...p,
        familyNames: p.familyNames
          .replace(/Qu(?=[ei])/, 'K')
          .replace(/z/g, 's')
          .replace(/^Hua/, 'Gua')
          .replace(/V/, 'B')
          .replace(/ll/, 'y'),
      };
    case 'typo': {
      const i = 1 + (at % (p.familyNames.length - 1));
      if (p.familyNames[i] === ' ' || p.familyNames[i - 1] === ' ') return p;
      const letter = 'abeimnrst'.charAt(to);
      return { ...p, familyNames: p.familyNames.slice(0, i) + letter + p.familyNames.slice(i + 1) };
    }
    case 'swap': {
      const [y, m, d] = p.dateOfBirth.split('-');
      return Number(d) > 12 ? p : { ...p, dateOfBirth: `${y}-${d}-${m}` };
    }
    case 'digit': {
      const i = [2, 3, 9][at % 3]!;
      return { ...p, dateOfBirth: p.dateOfBirth.slice(0, i) + String(to) + p.dateOfBirth.slice(i + 1) };
    }
    case 'phone':
      return { ...p, phone: `+519${String(at).padStart(8, '0')}` };
    case 'no-document':
      return { ...undocumented, documentType: 'none' };
    case 'passport':
      return { ...p, documentType: 'passport', documentNumber: `P${at}` };
    case 'document-digit': {
      if (!documentNumber) return p;
      const i = at % documentNumber.length;
      return { ...p, documentNumber: documentNumber.slice(0, i) + String(to) + documentNumber.slice(i + 1) };
    }
  }
}
