import { readReturneeBody } from './returnee-body';

const TODAY = new Date('2026-11-20T12:00:00Z');
const GOOD = {
  external_id: 'x-1',
  sending_authority: 'consulate:es-madrid',
  return_type: 'voluntary',
  arrival_date: '2026-11-20',
  origin_country: 'ES',
  nationality: 'PE',
  port_of_entry: 'LIM',
  family_names: 'Rojas',
  given_names: 'Ana',
  date_of_birth: '1990-01-01',
  sex: 'F',
  document_type: 'none',
  relationship: 'single',
  languages: ['es'],
  years_abroad: 3,
  destination_ubigeo: '150101',
  needs: ['shelter'],
  consent: 'pending',
};

const errors = (body: unknown) => {
  const read = readReturneeBody(body, TODAY);
  return 'errors' in read ? read.errors.map((e) => `${e.pointer} ${e.code}`) : [];
};

test('lists are arrays and years a number', () => {
  const read = readReturneeBody(GOOD, TODAY);
  expect('registration' in read && [read.registration.needs, read.registration.journey.yearsAbroad]).toEqual([
    ['shelter'],
    3,
  ]);
});

test('every wrong field is named by its pointer, wrong types and unknown fields too', () => {
  expect(errors({ ...GOOD, needs: 'shelter', sex: 1, phone: '1', 'a/b': 1, languages: [['es']] })).toEqual([
    '/a~1b unknown-field',
    '/sex wrong-type',
    '/languages wrong-type',
    '/needs wrong-type',
    '/phone invalid-phone',
  ]);
});

test.each([[null], ['x'], [[GOOD]], [undefined]])('a body that is no object is refused: %j', (body) => {
  expect(errors(body)).toEqual([' wrong-type']);
});

test('an item with a separator in it is one item', () => {
  expect(errors({ ...GOOD, needs: ['shelter|employment'] })).toEqual(['/needs unknown-code']);
});
