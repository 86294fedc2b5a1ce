/** The returnee says that somebody treated them badly: a person in operations looks at it, and the agency is told nothing. */
import type { Decision } from '../decision';
import { raise } from '../escalations';
import { knownReferral, mustNotBeMerged, said, type CommandOf } from './guards';

/**
 * Escalates a complaint, also of a case that has ended. Its text stays with the person's own data. Nothing is sent to any
 * agency: whoever complains must not fear the next appointment.
 */
export function complain(d: Decision, input: CommandOf<'complain'>): void {
  mustNotBeMerged(d.state.mergedInto);
  const about = input.referralId === undefined ? undefined : knownReferral(d, input.referralId);
  if (d.state.escalations.some((e) => e.reason === 'complaint' && e.detail['complaint'] === input.id)) return;
  raise(
    d,
    {
      key: `complaint|${input.id}`,
      reason: 'complaint',
      detail: {
        complaint: input.id,
        ...(about ? { agency: about.agency, service: about.service } : {}),
      },
      ...(about ? { referralId: about.id } : {}),
    },
    undefined,
    { actor: 'returnee', ...said(input, input.channel ? { channel: input.channel } : {}) },
  );
}
