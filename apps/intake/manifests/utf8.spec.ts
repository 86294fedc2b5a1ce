import * as fc from 'fast-check';
import { Utf8Check } from './utf8';

function check(bytes: Buffer, piece: number) {
  const utf8 = new Utf8Check();
  for (let at = 0; at < bytes.length; at += piece) {
    const fault = utf8.push(bytes.subarray(at, at + piece));
    if (fault) return fault;
  }
  return utf8.end();
}

test('Latin-1 is told by byte and line', () => {
  const bytes = Buffer.concat([Buffer.from('año\nJos'), Buffer.from('é', 'latin1'), Buffer.from(' Ana\n')]);
  for (const piece of [1, 2, 3, 100]) {
    expect(check(bytes, piece)).toEqual({ offset: 8, line: 2 });
  }
});

test('a character cut by the end of the file is told', () => {
  expect(check(Buffer.from('ab😀').subarray(0, 5), 2)).toEqual({ offset: 2, line: 1 });
});

test('UTF-8 passes however it is cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 5 }), (text, piece) => {
      expect(check(Buffer.from(text), piece)).toBeUndefined();
    }),
  );
});

test('physical lines are counted with and without a last line feed', () => {
  const count = (text: string) => {
    const utf8 = new Utf8Check();
    utf8.push(Buffer.from(text));
    return utf8.lines;
  };
  expect([count('a\nb\n'), count('a\nb')]).toEqual([2, 2]);
});
