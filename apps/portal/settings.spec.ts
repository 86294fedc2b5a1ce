import { readSettings } from '@retorno/service';
import { helpPhoneOf, PortalSettings } from './settings';

const GOOD = {
  COORDINATOR_URL: 'http://coordinator:3000',
  INTAKE_URL: 'http://intake:3000',
  PUBLIC_URL: 'https://retorno.example.org',
  HELP_PHONE: '+51 1 204 0900',
  OIDC_ISSUER: 'https://login.example.org/realms/retorno',
  OIDC_CLIENT_ID: 'portal',
  OIDC_CLIENT_SECRET: 'a secret of the portal',
};
const reading = (changes: NodeJS.ProcessEnv) => () => readSettings(PortalSettings, { ...GOOD, ...changes });

describe('the portal does not start', () => {
  it.each(['COORDINATOR_URL', 'INTAKE_URL', 'PUBLIC_URL', 'HELP_PHONE'])('without %s', (name) => {
    expect(reading({ [name]: undefined })).toThrow(`${name} must be`);
  });

  it.each([
    'http://retorno.example.org',
    'https://retorno.example.org/page',
    'retorno.example.org',
    'ftp://x',
  ])(
    'with links that begin with %s: their token would be read on the way, or they would lead nowhere',
    (PUBLIC_URL) => expect(reading({ PUBLIC_URL })).toThrow('PUBLIC_URL must be'),
  );

  it.each(['call us', '1', '+51<b>'])('with %s as the telephone', (HELP_PHONE) => {
    expect(reading({ HELP_PHONE })).toThrow('HELP_PHONE must be');
  });
});

it.each(['https://retorno.example.org/', 'http://127.0.0.1:3000', 'http://localhost:80'])(
  'links may begin with %s',
  (PUBLIC_URL) => expect(reading({ PUBLIC_URL })().PUBLIC_URL).toBe(PUBLIC_URL),
);

it.each([
  ['none', ''],
  ['+51 1 204 0900', '+51 1 204 0900'],
  ['(01) 204-0900', '(01) 204-0900'],
  ['*1810', '*1810'],
])('the telephone %s is shown as %j', (HELP_PHONE, shown) => {
  expect(helpPhoneOf(reading({ HELP_PHONE })())).toBe(shown);
});
