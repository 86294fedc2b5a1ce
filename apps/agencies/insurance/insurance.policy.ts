import type { Policy } from '@retorno/agency';

/** Calendar days from the request within which the DNI or the card must follow a provisional enrolment. */
const DAYS = 45;
const DAY_MS = 86_400_000;

/**
 * Who is pregnant, under five or gravely ill is insured at once, before the identity is proven: that is beyond doubt. The
 * DNI or the card has to follow within 45 days. When it comes the enrolment is good; when it does not, it lapses.
 *
 * All other enrolments hang on the household's other insurances, which only the fund's staff can see.
 */
export const policy: Policy = (referral, { type, now }) => {
  const { status, provisional, cancellationRequested, requestedAt, outcome } = referral;
  const lapses = new Date(Date.parse(requestedAt) + DAYS * DAY_MS);
  if (type === 'requested' && status === 'received' && provisional && !cancellationRequested) {
    const note = `Afiliación provisional: el DNI o carné debe presentarse en ${DAYS} días.`;
    return {
      answers: [{ status: 'accepted' }, { status: 'completed', outcome: 'provisional', note }],
      wakeAt: lapses,
    };
  }
  const enrolled = status === 'completed' && outcome === 'provisional';
  if (!provisional && referral.wakeAt !== undefined) return { wakeAt: null };
  if (type !== 'woken' || !enrolled || !provisional) return [];
  if (now < lapses) return { wakeAt: lapses };
  return {
    correction: {
      status: 'failed',
      reason: `Sin DNI ni carné en ${DAYS} días: la afiliación provisional caducó.`,
    },
  };
};
