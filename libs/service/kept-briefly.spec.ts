import { KeptBriefly } from './kept-briefly';

describe('what is kept briefly', () => {
  it('is asked for once by however many at once, and again when its time is over', async () => {
    let [now, asked] = [0, 0];
    const kept = new KeptBriefly<number>(1_000, () => now);
    const ask = () => Promise.resolve(++asked);
    expect(await Promise.all([kept.get(ask), kept.get(ask)])).toEqual([1, 1]);
    now = 999;
    expect(await kept.get(ask)).toBe(1);
    now = 1_000;
    expect(await kept.get(ask)).toBe(2);
  });

  it('is only what is worth it: everything else is asked for by each, also at once', async () => {
    let [now, asked] = [0, 0];
    const kept = new KeptBriefly<number>(
      1_000,
      () => now,
      (value) => value > 2,
    );
    const ask = () => Promise.resolve(++asked);
    expect(await Promise.all([kept.get(ask), kept.get(ask)])).toEqual([1, 2]);
    expect(await kept.get(ask)).toBe(3);
    expect(await Promise.all([kept.get(ask), kept.get(ask)])).toEqual([3, 3]);
    now = 1_000;
    asked = 0;
    expect(await kept.get(ask)).toBe(1);
    expect(await kept.get(ask)).toBe(2);
  });

  it('is no failure: the next one who asks is answered', async () => {
    const kept = new KeptBriefly<number>(1_000, () => 0);
    await expect(kept.get(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await kept.get(() => Promise.resolve(2))).toBe(2);
  });
});
