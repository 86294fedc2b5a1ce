import {
  DISCLOSED_FIELDS,
  ReferralRequested,
  ReturneeRegistered,
  VULNERABILITY_CODES,
  type DisclosedField,
} from '@retorno/contracts';
import fc from 'fast-check';
import {
  absentFields,
  changedFields,
  disclose as discloseTo,
  personRecord,
  withCertificate,
  withObtainedDocument,
  type PersonRecord,
} from './disclosure';

/** References that can be told apart, and that show what they are of. */
const refs = (agency: string) => ({
  caseRef: `ref-${agency}`,
  household: (of: string) => `${of.split('\n')[1]} at ${agency}`,
});
const disclose = (record: PersonRecord, sees: readonly DisclosedField[]) =>
  discloseTo(record, sees, refs('a'));

/** What each declared field may show, written down a second time: the keys, and the recognisable values below. */
const SHOWS: Record<DisclosedField, readonly string[]> = {
  name: ['familyNames', 'givenNames'],
  'code-name': ['codeName'],
  birth: ['dateOfBirth'],
  sex: ['sex'],
  nationality: ['nationality'],
  document: ['documentType', 'documentNumber'],
  district: ['destinationUbigeo'],
  contact: ['phone', 'email', 'languages'],
  'safe-contact': ['safePhone'],
  languages: ['languages'],
  household: ['household'],
  port: ['portOfEntry'],
  flight: ['flight'],
  'years-abroad': ['yearsAbroad'],
  'place-of-detention': ['placeOfDetention'],
  'health-facts': ['healthFacts'],
  certificate: ['certificate'],
};

/** Every value is unlike every other, so that it is recognised wherever it leaks to. */
const VALUES: readonly [value: string, seenThrough: readonly DisclosedField[]][] = [
  ['Quispe Mamani', ['name']],
  ['Juana Rosa', ['name']],
  ['1991-07-13', ['birth']],
  ['"X"', ['sex']],
  ['"VE"', ['nationality']],
  ['passport', ['document']],
  ['P7654321', ['document']],
  ['household-9', ['household']],
  ['+51987654321', ['contact', 'safe-contact']],
  ['juana@example.org', ['contact']],
  ['"qu"', ['contact', 'languages']],
  ['080101', ['district']],
  ['"TCQ"', ['port']],
  ['LA2601', ['flight']],
  [':37', ['years-abroad']],
  ['"CL"', ['place-of-detention']],
  ['certificate-5', ['certificate']],
  ['Persona-', ['code-name']],
  ['pregnant', ['health-facts']],
  ['chronic-illness', ['health-facts']],
  ['tb-or-hiv', ['health-facts']],
  ['mental-distress', ['health-facts']],
  ['disability', ['health-facts']],
  // Seen by nobody, through no field.
  ['gender-based-violence', []],
  ['trafficking', []],
  ['unaccompanied', []],
  ['detained-abroad', []],
  ['older-person', []],
  ['single-headed-household', []],
  ['consulate:cl-santiago', []],
  ['deportation', []],
  ['2026-11-20', []],
  ['11111111-2222-7333-8444-555555555555', []],
  ['RT-2026-000123', []],
  ['police-record', []],
  ['granted', []],
];

const full: ReturneeRegistered = {
  caseNumber: 'RT-2026-000123',
  returneeId: '11111111-2222-7333-8444-555555555555',
  person: {
    familyNames: 'Quispe Mamani',
    givenNames: 'Juana Rosa',
    dateOfBirth: '1991-07-13',
    sex: 'X',
    nationality: 'VE',
    documentType: 'passport',
    documentNumber: 'P7654321',
    household: 'household-9',
    relationship: 'unaccompanied',
    phone: '+51987654321',
    email: 'juana@example.org',
    languages: ['qu'],
    destinationUbigeo: '080101',
  },
  journey: {
    sendingAuthority: 'consulate:cl-santiago',
    returnType: 'deportation',
    arrivalDate: '2026-11-20',
    flight: 'LA2601',
    originCountry: 'CL',
    portOfEntry: 'TCQ',
    yearsAbroad: 37,
  },
  vulnerabilities: [...VULNERABILITY_CODES],
  needs: ['police-record'],
  consent: { status: 'granted', at: '2026-11-20T10:00:00Z' },
};

/** Any returnee: some facts are missing, any vulnerabilities, something issued or nothing. */
const records = fc
  .record({
    without: fc.subarray(['documentNumber', 'household', 'phone', 'email', 'flight']),
    vulnerabilities: fc.subarray([...VULNERABILITY_CODES]),
    certificate: fc.boolean(),
  })
  .map(({ without, vulnerabilities, certificate }) => {
    const data = structuredClone({ ...full, vulnerabilities });
    for (const name of without) {
      Reflect.deleteProperty(data.person, name);
      Reflect.deleteProperty(data.journey, name);
    }
    const record = personRecord(data);
    return certificate ? withCertificate(record, 'certificate-5') : record;
  });
const anySees = fc.subarray([...DISCLOSED_FIELDS]);

describe('disclosure', () => {
  it('the returnee of these tests is one that intake could send', () => {
    expect(ReturneeRegistered.writeErrors(full)).toEqual([]);
  });

  it('shows no field and no value that the service did not declare', () => {
    fc.assert(
      fc.property(records, anySees, (record, sees) => {
        const disclosed = disclose(record, sees);
        const allowed = sees.flatMap((field) => SHOWS[field]);
        expect(Object.keys(disclosed).filter((key) => !allowed.includes(key))).toEqual([]);
        const text = JSON.stringify(disclosed);
        for (const [value, seenThrough] of VALUES) {
          if (!seenThrough.some((field) => sees.includes(field))) expect(text).not.toContain(value);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('shows every declared field that is known', () => {
    const record = withCertificate(personRecord(full), 'certificate-5');
    for (const field of DISCLOSED_FIELDS) {
      const disclosed = disclose(record, [field]);
      expect(Object.keys(disclosed).sort()).toEqual([...SHOWS[field]].sort());
      const text = JSON.stringify(disclosed);
      for (const [value, seenThrough] of VALUES)
        if (seenThrough.includes(field)) expect(text).toContain(value);
    }
  });

  it('leaves out what is unknown, and is always valid data of a request', () => {
    fc.assert(
      fc.property(records, anySees, (record, sees) => {
        const disclosed = disclose(record, sees);
        expect(Object.values(disclosed)).not.toContain(undefined);
        const data = {
          referralId: 'r',
          service: 's',
          basis: 'consent',
          provisional: false,
          requestedAt: '2026-11-20T10:00:00Z',
          ackDueAt: '2026-11-20T10:00:00Z',
          dueAt: '2026-11-20T10:00:00Z',
          returnee: disclosed,
        };
        expect(ReferralRequested.writeErrors(data)).toEqual([]);
      }),
    );
  });

  it('health facts are five and never say violence, trafficking or detention', () => {
    expect(personRecord(full).healthFacts).toEqual([
      'pregnant',
      'chronic-illness',
      'tb-or-hiv',
      'mental-distress',
      'disability',
    ]);
  });

  it('the restricted record itself holds no word of violence or trafficking', () => {
    const text = JSON.stringify(personRecord(full));
    expect(text).not.toContain('gender-based-violence');
    expect(text).not.toContain('trafficking');
  });

  it('the safe contact is the telephone and nothing else', () => {
    expect(disclose(personRecord(full), ['safe-contact'])).toEqual({ safePhone: '+51987654321' });
  });

  it('the place of detention is told only of a person who was detained', () => {
    const free = personRecord({ ...full, vulnerabilities: ['pregnant'] });
    expect(disclose(free, ['place-of-detention'])).toEqual({});
  });

  it('a code name is stable at an agency, another at each, and holds nothing of the person', () => {
    const named = (data: typeof full, agency: string) =>
      discloseTo(personRecord(data), ['code-name'], refs(agency)).codeName;
    const renamed = { ...full, person: { ...full.person, familyNames: 'Otro' } };
    expect(named(full, 'a')).toMatch(/^Persona-[0-9A-F]{8}$/);
    expect(named(renamed, 'a')).toBe(named(full, 'a'));
    expect(named(full, 'b')).not.toBe(named(full, 'a'));
  });

  it('two households that two authorities call the same are not one', () => {
    const told = (sendingAuthority: string) =>
      discloseTo(personRecord({ ...full, journey: { ...full.journey, sendingAuthority } }), ['household'], {
        caseRef: '',
        household: (of) => of,
      }).household;
    expect(told('consulate:es-madrid')).not.toBe(told('consulate:cl-santiago'));
  });

  it('a household is told by the reference of that agency', () => {
    const told = (agency: string) => discloseTo(personRecord(full), ['household'], refs(agency)).household;
    expect([told('a'), told('b')]).toEqual(['household-9 at a', 'household-9 at b']);
  });

  it('a declared field is absent when nothing of it is known, and only then', () => {
    fc.assert(
      fc.property(records, anySees, (record, sees) => {
        const empty = sees.filter((field) => Object.keys(disclose(record, [field])).length === 0);
        expect(absentFields(disclose(record, sees), sees)).toEqual(
          // Languages are known through the contact as well.
          empty.filter((field) => field !== 'languages'),
        );
      }),
    );
  });
});

describe('a document that an agency issued', () => {
  const dni = { documentType: 'dni', documentNumber: '45678901' } as const;

  it('replaces the one of the manifest in later referrals', () => {
    const record = withObtainedDocument(personRecord(full), dni);
    expect(disclose(record, ['document'])).toEqual(dni);
    expect(JSON.stringify(disclose(record, [...DISCLOSED_FIELDS]))).not.toContain('P7654321');
  });

  it('survives a changed row, and so does a certificate', () => {
    const before = withCertificate(withObtainedDocument(personRecord(full), dni), 'certificate-5');
    const after = personRecord({ ...full, person: { ...full.person, phone: '+51900000000' } }, before);
    expect(disclose(after, ['document', 'certificate'])).toEqual({ ...dni, certificate: 'certificate-5' });
  });
});

describe('what changed', () => {
  const record = personRecord(full);
  const withPerson = (person: Partial<ReturneeRegistered['person']>) =>
    personRecord({ ...full, person: { ...full.person, ...person } });

  it('is nothing for the same facts in another order', () => {
    const reordered = { ...full, vulnerabilities: full.vulnerabilities.toReversed() };
    expect(changedFields(record, personRecord(reordered))).toEqual([]);
  });

  it('names every field that shows the changed fact', () => {
    expect(changedFields(record, withPerson({ phone: '+51900000000' }))).toEqual(['contact', 'safe-contact']);
    expect(changedFields(record, withPerson({ languages: ['es', 'qu'] }))).toEqual(['contact', 'languages']);
    expect(changedFields(record, withPerson({ givenNames: 'Juana' }))).toEqual(['name']);
    const dni = { documentType: 'dni', documentNumber: '45678901' } as const;
    expect(changedFields(record, withObtainedDocument(record, dni))).toEqual(['document']);
    expect(changedFields(record, withCertificate(record, 'c'))).toEqual(['certificate']);
    expect(changedFields(record, personRecord({ ...full, vulnerabilities: [] }))).toEqual([
      'place-of-detention',
      'health-facts',
    ]);
  });

  it('names no field for what nobody sees', () => {
    const withoutViolence = full.vulnerabilities.filter((code) => code !== 'gender-based-violence');
    expect(changedFields(record, personRecord({ ...full, vulnerabilities: withoutViolence }))).toEqual([]);
  });

  it('is exactly what disclosure shows otherwise than before', () => {
    fc.assert(
      fc.property(records, records, (before, after) => {
        const changed = changedFields(before, after);
        for (const field of DISCLOSED_FIELDS) {
          const same = JSON.stringify(disclose(before, [field])) === JSON.stringify(disclose(after, [field]));
          expect(changed.includes(field)).toBe(!same);
        }
      }),
    );
  });
});
