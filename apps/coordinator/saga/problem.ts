/** What a problem of a case is: that which a person in operations is told of. */
import type { CaseEscalation } from '@retorno/contracts';
import type { Env } from './decision';

/** Something that is wrong with a case, or will be from an instant on. */
export interface Problem extends Pick<CaseEscalation, 'reason' | 'detail' | 'referralId' | 'group'> {
  /** The same as long as it is the same problem. */
  readonly key: string;
  /** When it begins; absent when it is there already. */
  readonly from?: Date;
  /** RFC 3339: since when it is this problem; an escalation raised before was about an earlier one. */
  readonly since?: string;
  /** Stays resolved once a person resolved it. */
  readonly once?: boolean;
}

/** What problems depend on beside the case. */
export type Context = Pick<Env, 'calendar' | 'rules' | 'catalogues' | 'standings' | 'now' | 'ofAgeAt'>;
