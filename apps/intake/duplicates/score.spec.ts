import type { Person } from '@retorno/contracts';
import { blockingKeys } from './blocking';
import { soundOf, wordsOf } from './name-forms';
import { labelled, someone as registered } from '../../../tests/support/labelled-pairs';
import { comparable, score, suspicion, type Comparable } from './score';

const PEPPER = Buffer.alloc(32, 7);

function someone(changes?: Partial<Person>): Comparable {
  return comparable(registered(changes));
}

describe('names are the same whatever the spelling', () => {
  it.each([
    ['Ñahui Peña', 'nahui pena'],
    ['De la Cruz', 'cruz'],
    ["D'Ávila-Ñique", 'davila nique'],
    ['Иванов', 'ivanov'],
    ['de', 'de'],
  ])('%s', (name, words) => expect(wordsOf(name).join(' ')).toBe(words));

  it.each([
    ['quispe', 'qishpi'],
    ['huaman', 'guaman'],
    ['waman', 'huaman'],
    ['gonzales', 'gonzalez'],
    ['vasquez', 'basques'],
    ['yupanqui', 'llupanki'],
    ['hernandez', 'ernandes'],
    ['ximena', 'jimena'],
  ])('%s sounds like %s', (a, b) => expect(soundOf(a)).toBe(soundOf(b)));
});

describe('one person, written otherwise', () => {
  it.each<[string, Partial<Person>]>([
    ['without accents', { familyNames: 'QUISPE MAMANI', givenNames: 'Juán Carlos' }],
    ['surnames in the other order', { familyNames: 'Mamani Quispe' }],
    ['without the second surname', { familyNames: 'Quispe' }],
    ['without the second given name', { givenNames: 'Juan' }],
    ['an initial', { givenNames: 'Juan C.' }],
    ['spelt by ear', { familyNames: 'Kispe Mamani' }],
    ['a slip of the pen', { familyNames: 'Quispe Mamami' }],
    ['day and month swapped', { dateOfBirth: '1990-16-05' }],
    ['one digit of the year off', { dateOfBirth: '1991-05-16' }],
  ])('%s: somebody is asked', (_name, changes) => {
    const found = suspicion(someone(), someone(changes));
    expect(found).toBeDefined();
    expect(meet(someone(), someone(changes))).toBe(true);
  });

  it('says by what', () => {
    expect(score(someone(), someone({ dateOfBirth: '1990-05-17', phone: '+511' })).reasons).toEqual([
      'names-same',
      'birth-close',
    ]);
  });

  it('the same document and the same names with the birth date have their own grounds', () => {
    const dni = { documentType: 'dni', documentNumber: '12345678' } as const;
    expect(suspicion(someone(dni), someone({ ...dni, givenNames: 'Otra' }))?.ground).toBe('same-document');
    expect(suspicion(someone(), someone())).toEqual({ ground: 'same-names-and-birth-date', score: 100 });
  });
});

describe('people who are not one', () => {
  it.each<[string, Partial<Person>, Partial<Person>]>([
    ['brothers', {}, { givenNames: 'Luis Alberto', dateOfBirth: '1992-01-03', phone: '+511' }],
    ['twins', { phone: '+511' }, { givenNames: 'Luis Alberto', phone: '+511' }],
    ['twins who share a given name', { phone: '+511' }, { givenNames: 'Juan Alberto', phone: '+511' }],
    [
      'twins whose names differ by a letter',
      { givenNames: 'Luis', phone: '+511' },
      { givenNames: 'Luisa', sex: 'F', phone: '+511' },
    ],
    ['a father and a son of the same name', {}, { dateOfBirth: '2014-08-02', phone: '+511' }],
    ['homonyms', {}, { dateOfBirth: '1971-11-30' }],
    [
      'homonyms with other documents, born about the same day',
      { documentType: 'dni', documentNumber: '12345678' },
      { documentType: 'dni', documentNumber: '87654321', dateOfBirth: '1990-05-17' },
    ],
  ])('%s: nobody is asked', (_name, a, b) => {
    expect(suspicion(someone(a), someone(b))).toBeUndefined();
  });

  it('members of one household are one person only when everything is the same', () => {
    const household = { household: 'H-1' };
    const close = { ...household, givenNames: 'Juan Karlos' };
    expect(suspicion(someone(household), someone(close))).toBeUndefined();
    expect(
      suspicion(someone({ ...household }), someone({ household: 'H-2', givenNames: 'Juan Karlos' })),
    ).toBeDefined();
    expect(suspicion(someone(household), someone(household))?.ground).toBe('same-names-and-birth-date');
  });
});

describe('a labelled set', () => {
  const set = labelled().map((pair) => ({ ...pair, a: comparable(pair.a), b: comparable(pair.b) }));

  it('is told apart as docs/decisions/0009-duplicates.md says: pairs of each kind, and how many are suspected', () => {
    const suspected: Record<string, [pairs: number, suspected: number]> = {};
    for (const { a, b, kind } of set) {
      const counts = (suspected[kind] ??= [0, 0]);
      counts[0]++;
      if (meet(a, b) && suspicion(a, b)) counts[1]++;
    }
    expect(suspected).toEqual({
      same: [1500, 1467],
      twins: [495, 0],
      siblings: [498, 0],
      homonyms: [500, 1],
      strangers: [1500, 0],
    });
  });

  it('nearly all who are one meet by a key', () => {
    const one = set.filter((pair) => pair.same);
    expect(one.filter(({ a, b }) => meet(a, b)).length / one.length).toBeGreaterThan(0.98);
  });

  it('twins and siblings are never called one person', () => {
    const relatives = set.filter((pair) => pair.kind === 'twins' || pair.kind === 'siblings');
    expect(relatives.length).toBeGreaterThan(300);
    expect(relatives.filter(({ a, b }) => suspicion(a, b))).toEqual([]);
  });

  it('the score is the same both ways, and between 0 and 100', () => {
    for (const { a, b } of set) {
      const there = score(a, b);
      expect(score(b, a)).toEqual(there);
      expect(there.score).toBeGreaterThanOrEqual(0);
      expect(there.score).toBeLessThanOrEqual(100);
    }
  });
});

describe('blocking keys', () => {
  it('say nothing without the secret, and are few', () => {
    const person = someone({ documentType: 'dni', documentNumber: '12345678', phone: '+51999' });
    const keys = blockingKeys(person, PEPPER);
    expect(keys.length).toBeLessThanOrEqual(10);
    expect(blockingKeys(person, Buffer.alloc(32, 8)).filter((key) => keys.includes(key))).toEqual([]);
    for (const key of keys) expect(key).toMatch(/^-?\d{1,19}$/);
  });
});

function meet(a: Comparable, b: Comparable): boolean {
  const keys = blockingKeys(a, PEPPER);
  return blockingKeys(b, PEPPER).some((key) => keys.includes(key));
}
