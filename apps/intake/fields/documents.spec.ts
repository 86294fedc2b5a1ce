import { documentCharacters, readNumber } from './documents';

test.each([
  ['12345678', '12345678'],
  ['12345678-9', '12345678-9'],
  ['123456789', '12345678-9'],
  ['12345678k', '12345678-K'],
])('a DNI written %s is kept as %s: its check character is for the registry to verify', (text, number) => {
  expect(readNumber('dni', text)).toEqual({ number });
});

test('a passport and a safe-conduct keep every character: a ninth one is no check character', () => {
  expect(readNumber('passport', 'aa1234567')).toEqual({ number: 'AA1234567' });
  expect(readNumber('safe-conduct', 'sc-1/2026')).toEqual({ number: 'SC-1/2026' });
  expect(documentCharacters({ documentType: 'passport', documentNumber: 'AA1234567' })).toBe('AA1234567');
});

test('one DNI is one person with its check character and without', () => {
  const of = (documentNumber: string) => documentCharacters({ documentType: 'dni', documentNumber });
  expect(new Set(['12345678', '12345678-9', '12345678-K'].map(of))).toEqual(new Set(['12345678']));
  expect(of('12345679')).not.toBe(of('12345678'));
});
