/** Agencies that exist in one story only. */
import { defineAgency, leaveToStaff, type AgencyDefinition, type AgencyService } from '@retorno/agency';
import type { ServiceOffer } from '@retorno/contracts';

/** A service with common values; a story says what matters to it. */
export function offer(code: string, more: Partial<ServiceOffer> = {}): AgencyService {
  return {
    code,
    for: [],
    requires: [],
    ack: '1 d',
    done: '5 d',
    basis: 'consent',
    purpose: 'social',
    law: 'Law of the story',
    sees: ['name'],
    ...more,
  };
}

/** An agency whose staff decide everything. */
export function agency(slug: string, ...services: AgencyService[]): AgencyDefinition {
  return defineAgency({ slug, name: `Agency ${slug}`, version: 1, services, policy: leaveToStaff });
}
