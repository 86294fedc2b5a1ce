/** Who a case is about, for screens on which somebody has to know it: opening it is in intake's audit. */
import { orNothing, type ListPage, type Services } from './services';
import type { Visit } from './frame/visit';

/** Of `GET /intake/returnees/{id}`, what screens show. */
export interface RegisteredPerson {
  readonly person: {
    readonly familyNames: string;
    readonly givenNames: string;
    /** `YYYY-MM-DD` */
    readonly dateOfBirth: string;
    readonly sex: string;
    readonly nationality: string;
    readonly documentType: string;
    readonly documentNumber?: string;
    readonly phone?: string;
    readonly email?: string;
    readonly languages: readonly string[];
  };
  readonly journey: { readonly sendingAuthority: string };
}

/** A registration; throws the service's problem. */
export function registeredPerson(
  services: Pick<Services, 'get'>,
  visit: Visit,
  returneeId: string,
): Promise<RegisteredPerson> {
  return services.get(visit, `/intake/returnees/${encodeURIComponent(returneeId)}`);
}

/** Whom a case, by its id, is about; undefined when intake does not know them, or no more. */
export async function personOfCase(
  services: Pick<Services, 'get'>,
  visit: Visit,
  caseId: string,
): Promise<RegisteredPerson | undefined> {
  const path = `/intake/returnees?caseId=${encodeURIComponent(caseId)}`;
  const { items } = await services.get<ListPage<{ returneeId: string }>>(visit, path);
  const [first] = items;
  return first && orNothing(registeredPerson(services, visit, first.returneeId));
}
