/** Who can log in to an installation that issues its own logins: people and systems of a demonstration, nobody real. */
import { createHmac } from 'node:crypto';
import type { Role } from '@retorno/service';

/** What tokens say of a person or a system. */
export interface Holder {
  /** Login name of a person, client id of a system. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly agency?: string;
  readonly authority?: string;
  /** A program's token names itself as its client as well. */
  readonly isSystem?: boolean;
}

/** The people of a demonstration: one of each role, and one worker of each agency, whose login is the agency's slug. */
export function demonstrationPeople(slugs: readonly string[]): Holder[] {
  return [
    { id: 'operations', name: 'Operaciones (demostración)', roles: ['operations'] },
    { id: 'operations-lead', name: 'Jefatura de operaciones (demostración)', roles: ['operations-lead'] },
    { id: 'intake', name: 'Registro de llegadas (demostración)', roles: ['intake'] },
    {
      id: 'consulate',
      name: 'Consulado en Miami (demostración)',
      roles: ['intake'],
      authority: 'consulate:us-miami',
    },
    { id: 'statistics', name: 'Estadística (demostración)', roles: ['statistics'] },
    { id: 'auditor', name: 'Auditoría (demostración)', roles: ['auditor'] },
    ...slugs.map((slug): Holder => ({
      id: slug,
      name: `Personal de ${slug} (demostración)`,
      roles: ['agency-worker'],
      agency: slug,
    })),
  ];
}

/** The system that imports the sample and plays returnees. */
export const DEMONSTRATION = 'demonstration';
/** The returnees' page, which asks the coordinator and intake. */
export const PORTAL_CLIENT = 'portal';

/** The console, where people log in. */
export const CONSOLE_CLIENT = 'console';

/** The client of an agency's own system. */
export function agencyClient(slug: string): string {
  return `agency-${slug}`;
}

/** The systems that log in with a secret of their own (client credentials). */
export function systems(slugs: readonly string[]): Holder[] {
  return [
    { id: DEMONSTRATION, name: 'demonstration', roles: ['operations', 'intake'] },
    { id: PORTAL_CLIENT, name: 'the returnee', roles: ['portal'] },
    ...slugs.map((slug): Holder => ({
      id: agencyClient(slug),
      name: `system of ${slug}`,
      roles: ['integration'],
      agency: slug,
    })),
  ];
}

/** The secret of a system, derived: an agency that joins later has one at once. `key`: 32 bytes, hex. */
export function clientSecret(key: string, client: string): string {
  return createHmac('sha256', Buffer.from(key, 'hex')).update(`client: ${client}`).digest('base64url');
}
