/** Which of the agencies a story runs with. */
import type { AgencyDefinition } from '@retorno/agency';
import { discoverAgencies } from '../../apps/local/discover';

/** With these few a case shows what a rule does, and little else: no reception at every arrival, no follow-up at every end. */
const FEW = ['education', 'employment', 'health', 'identity', 'insurance'];

export function fewAgencies(): AgencyDefinition[] {
  return discoverAgencies().filter(({ slug }) => FEW.includes(slug));
}

/** The other agencies of the table. */
export function restOfTheRoundtable(): AgencyDefinition[] {
  return discoverAgencies().filter(({ slug }) => !FEW.includes(slug));
}
