import { policyFor } from './policy.middleware';

const OURS = 'https://retorno.example.org';

describe('the policy of pages', () => {
  it('lets forms lead to the console itself and nowhere else where the issuer is on the same origin', () => {
    expect(policyFor(`${OURS}/login`, OURS)).toMatch(/(^|; )form-action 'self'(;|$)/);
  });

  it('names the issuer’s origin, without its path, where that is another one', () => {
    expect(policyFor('https://login.example.org:8443/realms/retorno', OURS)).toContain(
      "form-action 'self' https://login.example.org:8443;",
    );
  });

  it('never allows scripts in the page', () => {
    expect(policyFor(OURS, OURS)).not.toMatch(/unsafe|\*/);
  });
});
