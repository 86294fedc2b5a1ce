import { contradicts, readMrz, type MrzProblem, type MrzRead } from './mrz';
import { cardZone, passportZone } from '../../../tests/support/zones';

const NOW = new Date('2026-11-23T15:00:00Z');
const read = (text: string) => readMrz(text, NOW) as MrzRead;
const problemsOf = (text: string) => (readMrz(text, NOW) as { problems: MrzProblem[] }).problems;

/** The text with one character replaced, lines and places counted from 1. */
function misread(text: string, line: number, place: number, by: string): string {
  const lines = text.split('\n');
  lines[line - 1] = `${lines[line - 1]!.slice(0, place - 1)}${by}${lines[line - 1]!.slice(place)}`;
  return lines.join('\n');
}

describe('a machine-readable zone', () => {
  it('of a passport tells who it is of', () => {
    expect(read(passportZone())).toEqual({
      values: {
        family_names: 'Quispe Mamani',
        given_names: 'Rosa Maria',
        date_of_birth: '1985-02-14',
        sex: 'F',
        nationality: 'PE',
        document_type: 'passport',
        document_number: '123456789',
      },
      expires: '2030-01-01',
    });
  });

  it('of the specimen in ICAO Doc 9303-4 has every check digit right; only its country is nowhere', () => {
    const specimen =
      'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10';
    expect(problemsOf(specimen)).toEqual([
      { code: 'unreadable', part: 'issuingState', line: 1, place: 3 },
      { code: 'unreadable', part: 'nationality', line: 2, place: 11 },
    ]);
  });

  it('of a DNI is three lines, and names the DNI', () => {
    expect(read(cardZone()).values).toMatchObject({
      document_type: 'dni',
      document_number: '44556677',
      family_names: 'Quispe Mamani',
    });
  });

  it('of another country’s card tells the person and leaves the document to be chosen', () => {
    const { values } = read(cardZone({ issuer: 'VEN', nationality: 'VEN' }));
    expect(values).toMatchObject({ nationality: 'VE', given_names: 'Rosa Maria' });
    expect(values).not.toHaveProperty('document_type');
    expect(values).not.toHaveProperty('document_number');
  });

  it.each([
    ['70', '1970-01-31'],
    ['26', '2026-01-31'],
    ['27', '1927-01-31'],
  ])('tells the century of a birth in %s by nobody being born after today', (year, born) => {
    expect(read(passportZone({ birth: `${year}0131` })).values.date_of_birth).toBe(born);
  });

  it('leaves out a birth date of which a part is not known', () => {
    expect(read(passportZone({ birth: '85<<<<' })).values).not.toHaveProperty('date_of_birth');
  });

  it('is taken with the spaces, small letters and guillemets that scanners make of it', () => {
    const untidy = `\n  ${passportZone().toLowerCase().replace('<<', '«').replace('\n', ' \r\n\r\n ')}  \n`;
    expect(read(untidy)).toEqual(read(passportZone()));
  });

  it.each([
    ['the number', 2, 1, '7', { part: 'documentNumber', line: 2, place: 10 }],
    ['the birth', 2, 15, '1', { part: 'birthDate', line: 2, place: 20 }],
    ['the expiry', 2, 23, '1', { part: 'expirationDate', line: 2, place: 28 }],
  ])(
    'with a digit of %s misread fails by its check digit, and nothing is read',
    (_what, line, place, by, where) => {
      const problems = problemsOf(misread(passportZone(), line, place, by));
      expect(problems).toContainEqual({ code: 'check-digit', ...where });
      expect(problems).toContainEqual({ code: 'check-digit', part: 'all', line: 2, place: 44 });
    },
  );

  it('fails by any one digit of the second line that is misread', () => {
    const zone = passportZone();
    const digits = [...zone.split('\n')[1]!].flatMap((character, i) => (/\d/.test(character) ? [i + 1] : []));
    for (const place of digits) {
      const was = Number(zone.split('\n')[1]![place - 1]);
      expect([place, problemsOf(misread(zone, 2, place, String((was + 1) % 10)))]).toEqual([
        place,
        expect.arrayContaining([expect.anything()]),
      ]);
    }
  });

  it.each([
    ['', [{ code: 'lines' }]],
    ['P<PERQUISPE', [{ code: 'lines' }]],
    [passportZone().replace('<<<\n', '<<\n'), [{ code: 'length', line: 1, found: 43, expected: 44 }]],
    [misread(passportZone(), 1, 7, 'Ñ'), [{ code: 'characters', line: 1, place: 7 }]],
    [passportZone({ birth: '850231' }), [{ code: 'unreadable', part: 'birthDate', line: 2, place: 14 }]],
    [passportZone({ sex: '8' }), [{ code: 'unreadable', part: 'sex', line: 2, place: 21 }]],
    [passportZone({ nationality: 'QQQ' }), [{ code: 'unreadable', part: 'nationality', line: 2, place: 11 }]],
  ])('says where %j cannot be', (text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});

describe('what was typed contradicts the zone', () => {
  it.each([
    ['family_names', 'Núñez  Ccori', 'Nunez Ccori', false],
    ['family_names', 'Muñoz', 'Munxxoz', false],
    ['family_names', 'O’Brien-Díaz'.replace('’', "'"), 'Obrien Diaz', false],
    ['family_names', 'Quispe', 'Quispe Mamani', true],
    ['document_number', '44556677-3', '44556677', false],
    ['document_number', '44556678', '44556677', true],
    ['document_number', 'ab 123', 'AB123', false],
    ['date_of_birth', '1985-02-15', '1985-02-14', true],
    ['sex', 'F', 'M', true],
  ] as const)('%s: %j against %j: %j', (column, typed, told, differs) => {
    expect(contradicts(column, typed, told)).toBe(differs);
  });
});
