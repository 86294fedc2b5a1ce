/** Who asks a service that a spec starts alone: it takes the tokens that are made here, and no others. */
import request from 'supertest';
import { freshSecrets } from '../../apps/local/secrets';
import { bearerFor, issuerEnv, type Bearer } from './bearers';

const ISSUER = { url: 'https://issuer.example', secrets: freshSecrets() };

export const visitors = {
  /** Settings of the service. Without limits: a test asks more in a second than the people whom they are for. */
  env: { ...issuerEnv(ISSUER), THROTTLE_READS: '0', THROTTLE_CHANGES: '0' },
  /** Value of an Authorization header. */
  loginOf: (bearer: Bearer): Promise<string> => bearerFor(bearer, ISSUER),
  request,
};
