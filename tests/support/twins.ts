import type { ReturneeBody } from './returnee';
import type { Registered, System } from './system';

/** Two registrations of one person by two authorities, written differently; the older one first. */
export async function registerTwice(
  system: System,
  dateOfBirth: string,
  older: Partial<ReturneeBody>,
  newer: Partial<ReturneeBody>,
): Promise<[Registered, Registered]> {
  const same = { document_type: 'none', date_of_birth: dateOfBirth };
  const first = await system.register({
    ...same,
    family_names: 'Huamán Ñahui',
    given_names: 'Luz Marina',
    ...older,
  });
  const second = await system.register({
    ...same,
    family_names: 'GUAMAN',
    given_names: 'Luz',
    sending_authority: 'consulate:cl-santiago',
    ...newer,
  });
  return [first, second];
}
