import fc from 'fast-check';
import { page } from './page';

describe('a page of a list', () => {
  it('ends with a cursor as long as there is more, and with null at the end', () => {
    const rows = [1, 2, 3];
    const first = page.of(rows, 2, (last) => [last]);
    expect(first.items).toEqual([1, 2]);
    expect(page.decode(first.next!)).toEqual([2]);
    expect(page.of(rows, 3, (last) => [last]).next).toBeNull();
  });

  it('gives back the sort values that it was made of', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.integer()), { minLength: 1 }), (values) => {
        expect(page.decode(page.of([1, 2], 1, () => values).next!)).toEqual(values);
      }),
    );
  });

  it('refuses a cursor that is none of ours', () => {
    for (const cursor of ['nonsense', 'e30', 'W3t9XQ', '%%%']) {
      expect(() => page.decode(cursor)).toThrow('cursor must be the `next`');
    }
  });

  it('refuses a limit that is not 1 to 200', () => {
    for (const limit of ['0', '201', '-1', 'ten', '1.5', '1e9']) {
      expect(() => page.limit(limit)).toThrow('limit must be a whole number from 1 to 200');
    }
    expect(page.limit(undefined)).toBe(50);
    expect(page.limit('200')).toBe(200);
  });
});
