import { policyFailed } from './policy-failure';

class NoSuchDistrict extends RangeError {}

const told = (error: unknown): string => policyFailed('health', 'medical-care, requested', error).message;

describe('an error of a policy', () => {
  it('is told by its class and its place', () => {
    expect(told(new NoSuchDistrict('x'))).toMatch(
      /^The policy of health failed \(medical-care, requested\): NoSuchDistrict at policy-failure\.spec\.ts:\d+$/,
    );
  });

  const posing = new Error('Quispe');
  posing.name = 'Quispe Mamani';
  const empty = new Error('Quispe');
  Object.defineProperty(empty, 'stack', { value: 'no words at Quispe.ts:1:1' });

  it.each([
    ['its message', new TypeError('Quispe is no date')],
    [
      'a message that looks like a frame',
      new Error('no\n    at Quispe (/quispe.ts:1:1)\n    at x (/Quispe.ts:2:2)'),
    ],
    ['its name', posing],
    ['a stack that is not its own', empty],
    ['what is thrown and is no error', 'Quispe'],
    ['a thrown object', { quispe: 'Quispe' }],
    ['a cause', new Error('failed', { cause: 'Quispe' })],
  ])('does not repeat %s', (_what, error) => {
    expect(told(error)).toMatch(/^The policy of health failed \(medical-care, requested\): /);
    expect(JSON.stringify(policyFailed('health', '', error)) + told(error)).not.toMatch(/quispe/i);
    expect(policyFailed('health', '', error).cause).toBeUndefined();
  });
});
