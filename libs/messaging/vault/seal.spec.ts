import { randomBytes } from 'node:crypto';
import { configuredWrapper } from './key-wrapper';
import { openBytes, random, SealBroken, sealBytes } from './seal';

const key = randomBytes(32);
const plain = Buffer.from('Rosa Quispe Mamani');
const ABOUT = 'referrals.health.requests.v1|ref|event';

describe('what is sealed', () => {
  const sealed = sealBytes(key, plain, ABOUT);

  it('opens with its key in its place, and holds nothing that can be read', () => {
    expect(openBytes(key, sealed, ABOUT)).toEqual(plain);
    expect(sealed.toString('latin1')).not.toContain('Quispe');
  });

  it('is another text each time: equal data cannot be told by equal seals', () => {
    expect(sealBytes(key, plain, ABOUT).equals(sealed)).toBe(false);
  });

  it('does not open with another key', () => {
    expect(() => openBytes(randomBytes(32), sealed, ABOUT)).toThrow(SealBroken);
  });

  it('does not open in another event, stream or document', () => {
    expect(() => openBytes(key, sealed, `${ABOUT}2`)).toThrow(SealBroken);
  });

  it('does not open when any byte of it was changed, or is missing', () => {
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed);
      changed[i]! ^= 1;
      expect(() => openBytes(key, changed, ABOUT)).toThrow(SealBroken);
      expect(() => openBytes(key, sealed.subarray(0, i), ABOUT)).toThrow(SealBroken);
    }
  });
});

it('random bytes do not repeat, also past the end of what was drawn at once', () => {
  const drawn = Array.from({ length: 2_000 }, () => random(12).toString('hex'));
  expect(new Set(drawn).size).toBe(drawn.length);
  expect(drawn.filter((one) => /^0+$/.test(one))).toEqual([]);
});

describe('a wrapped key', () => {
  const one = { subject: 'case/1', key };
  const OLD = 'aa'.repeat(32);
  const NEW = 'bb'.repeat(32);

  it('opens for its own subject only', async () => {
    const wrapper = configuredWrapper(OLD);
    const [wrapped] = await wrapper.wrap([one]);
    expect(await wrapper.unwrap([{ subject: 'case/1', wrapped: wrapped! }])).toEqual([key]);
    await expect(wrapper.unwrap([{ subject: 'case/2', wrapped: wrapped! }])).rejects.toThrow(SealBroken);
    await expect(configuredWrapper(NEW).unwrap([{ subject: 'case/1', wrapped: wrapped! }])).rejects.toThrow(
      SealBroken,
    );
  });

  it('still opens while the wrapping key is changed, and new ones need the old key no more', async () => {
    const [before] = await configuredWrapper(OLD).wrap([one]);
    const both = configuredWrapper(`2:${NEW},1:${OLD}`);
    expect(await both.unwrap([{ subject: 'case/1', wrapped: before! }])).toEqual([key]);
    const [after] = await both.wrap([one]);
    expect(await configuredWrapper(`2:${NEW}`).unwrap([{ subject: 'case/1', wrapped: after! }])).toEqual([
      key,
    ]);
    await expect(
      configuredWrapper(`2:${NEW}`).unwrap([{ subject: 'case/1', wrapped: before! }]),
    ).rejects.toThrow('VAULT_KEY lacks version 1');
  });

  it.each(['', 'aa', `${OLD}0`, `1:${OLD},1:${NEW}`, `300:${OLD}`, `2:${NEW},${OLD}`])(
    'is not made under a setting that is malformed (%s)',
    (setting) => {
      expect(() => configuredWrapper(setting)).toThrow('VAULT_KEY is malformed');
    },
  );
});
