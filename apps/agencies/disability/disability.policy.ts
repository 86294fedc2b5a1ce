import { askFor, type Policy } from '@retorno/agency';

/**
 * A person is registered on the certificate that a certifying doctor issued (Ley 29973). It comes with the referral when
 * medical care ended with one; otherwise it is asked for at once, and the file is opened when it arrives.
 */
export const policy: Policy = (referral, { type }) =>
  askFor(
    referral,
    type,
    referral.returnee.certificate
      ? undefined
      : 'The certificate of disability is needed for the registration.',
    'at once',
  );
