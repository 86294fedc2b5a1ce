import type { Consent, Person } from '@retorno/contracts';
import { consentErrors, latestConsent, sameConsent, standingConsent, wordOfManifest } from './consent';

const at = (hour: number) => `2026-11-20T${String(hour).padStart(2, '0')}:00:00.000Z`;
const consent = (status: Consent['status'], hour?: number): Consent => ({
  status,
  ...(hour !== undefined && { at: at(hour) }),
});

test.each([
  ['the later one wins', consent('granted', 1), consent('refused', 2), 'refused'],
  ['an older one does not overwrite', consent('withdrawn', 3), consent('granted', 2), 'withdrawn'],
  ['one without time does not overwrite', consent('granted', 1), consent('pending'), 'granted'],
  ['any dated one overwrites one without time', consent('pending'), consent('granted', 1), 'granted'],
  ['at the same time the newer word wins', consent('granted', 1), consent('refused', 1), 'refused'],
  ['at the same time a withdrawal stands', consent('withdrawn', 1), consent('granted', 1), 'withdrawn'],
])('consent: %s', (_, current, incoming, expected) => {
  expect(latestConsent(current, incoming).status).toBe(expected);
});

test.each<[string, Partial<Consent>, Partial<Consent>, 'known' | 'said']>([
  ['narrower at the same time holds', {}, { purposes: ['health'] }, 'said'],
  ['wider at the same time does not', { purposes: ['health'] }, {}, 'known'],
  ['other purposes at the same time do not', { purposes: ['health'] }, { purposes: ['work'] }, 'known'],
  ['longer at the same time does not', { until: at(9) }, {}, 'known'],
  ['shorter at the same time holds', { until: at(9) }, { until: at(8) }, 'said'],
])('consent: %s', (_, known, said, expected) => {
  const current: Consent = { ...consent('granted', 1), ...known };
  const incoming: Consent = { ...consent('granted', 1), ...said };
  expect(latestConsent(current, incoming)).toBe(expected === 'said' ? incoming : current);
});

test('a row from before a consent was narrowed does not widen it again, a later word does', () => {
  const narrowed: Consent = { ...consent('granted', 3), purposes: ['health'] };
  expect(latestConsent(narrowed, consent('granted', 2))).toBe(narrowed);
  const later = consent('granted', 4);
  expect(latestConsent(narrowed, later)).toBe(later);
});

test('pending takes nothing back, however late: it says that nobody was asked', () => {
  const known = consent('granted', 1);
  expect(latestConsent(known, consent('pending', 5))).toBe(known);
});

test('the order in which purposes are named makes no other consent, whoever gave it does', () => {
  const granted = consent('granted', 1);
  const same: Consent = { ...granted, purposes: ['work', 'health'] };
  expect(sameConsent({ ...granted, purposes: ['health', 'work'] }, same)).toBe(true);
  expect(sameConsent({ ...granted, by: 'guardian' }, granted)).toBe(false);
  expect(sameConsent({ ...granted, until: at(9) }, granted)).toBe(false);
});

test('a consent counts until its last moment and not at it', () => {
  const granted: Consent = { ...consent('granted', 1), until: at(9) };
  expect(standingConsent(granted, new Date(Date.parse(at(9)) - 1)).status).toBe('granted');
  expect(standingConsent(granted, new Date(at(9))).status).toBe('expired');
});

describe('whose word counts', () => {
  const who = (dateOfBirth: string, relationship: Person['relationship'] = 'child') => ({
    person: { dateOfBirth, relationship },
    vulnerabilities: [],
  });
  const ADULT = who('1990-01-01', 'single');
  const FOURTEEN = who('2012-11-20');
  const THIRTEEN = who('2012-11-21');
  const ALONE = who('2016-01-01', 'unaccompanied');
  const refused = (by: Consent['by'], of: Parameters<typeof consentErrors>[1]) =>
    consentErrors({ ...consent('granted', 1), ...(by && { by }) }, of).map((error) => error.pointer);

  test.each<[string, Consent['by'], Parameters<typeof consentErrors>[1], string[]]>([
    ['of an adult their own', undefined, ADULT, []],
    ["of an adult under guardianship the guardian's", 'guardian', ADULT, []],
    ["of an adult never the protection authority's", 'protection-authority', ADULT, ['/by']],
    ['of a child of 14 their own', 'self', FOURTEEN, []],
    ["of a child of 14 also the guardian's", 'guardian', FOURTEEN, []],
    ['of a child of 13 not their own', undefined, THIRTEEN, ['/by']],
    ["of a child of 13 the guardian's", 'guardian', THIRTEEN, []],
    ["of a child with family not the protection authority's", 'protection-authority', THIRTEEN, ['/by']],
    ["of a child that came alone the protection authority's", 'protection-authority', ALONE, []],
    ['of a child that came alone not their own', 'self', ALONE, ['/by']],
  ])('%s', (_, by, of, pointers) => {
    expect(refused(by, of)).toEqual(pointers);
  });

  test('a child that is only coded as unaccompanied came alone, too', () => {
    const coded = { ...THIRTEEN, vulnerabilities: ['unaccompanied-child' as const] };
    expect(refused('protection-authority', coded)).toEqual([]);
  });

  test('what a manifest says of a child is the word of the adult who brings it', () => {
    const granted = consent('granted', 1);
    expect(wordOfManifest(granted, '2012-11-20', '2026-11-20')).toEqual({ ...granted, by: 'guardian' });
    expect(wordOfManifest(granted, '2008-11-20', '2026-11-20')).toBe(granted);
    expect(wordOfManifest({ status: 'pending' }, '2012-11-20', '2026-11-20')).toEqual({ status: 'pending' });
  });

  test('terms go with a consent that is granted, and it may not end before it began', () => {
    const pointers = (said: Consent) => consentErrors(said, ADULT).map((error) => error.pointer);
    expect(pointers({ ...consent('withdrawn', 2), purposes: ['health'], until: at(9) })).toEqual([
      '/purposes',
      '/until',
    ]);
    expect(pointers({ ...consent('granted', 2), until: at(2) })).toEqual(['/until']);
  });
});
