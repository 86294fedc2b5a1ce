import { isThisMachine } from './listening';

describe('a server without a login', () => {
  it('answers to the names of this machine only, so that no web page elsewhere can read through it', () => {
    for (const host of ['127.0.0.1:3000', 'localhost', 'LOCALHOST:80', '[::1]:3000']) {
      expect(isThisMachine(host)).toBe(true);
    }
    for (const host of [
      undefined,
      '',
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example:3000',
    ]) {
      expect(isThisMachine(host)).toBe(false);
    }
  });
});
