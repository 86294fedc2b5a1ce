/** Where the coordinator keeps what operations decided about agencies. */
import { documentStore } from '@retorno/messaging';
import type { AgencyStanding } from '../saga/standing';

export const standingStore = documentStore<AgencyStanding>({ name: 'standing', table: 'agency_standing' });
