/** In what two registrations agree, field by field: what somebody who decides looks at, without a value of either. Pure. */
import type { Person } from '@retorno/contracts';
import { comparable, score, suspicion, type Registered } from './score';

/** What is compared, in the order in which it is shown. */
const FIELDS = ['names', 'birth', 'document', 'sex', 'nationality', 'phone', 'email'] as const;
type Field = (typeof FIELDS)[number];

/** `close`: a slip of the pen, another spelling. `missing`: at least one of the two does not say it. */
export type Agreement = 'same' | 'close' | 'other' | 'missing';

/** How alike two registrations are. */
export interface Likeness {
  /** 0 to 100. */
  readonly score: number;
  /** On which they are suspected; null when they are not by now. */
  readonly ground: string | null;
  readonly fields: readonly { readonly field: Field; readonly agreement: Agreement }[];
}

export function likenessOf(one: Registered, other: Registered): Likeness {
  const [a, b] = [comparable(one), comparable(other)];
  const { score: points, reasons } = score(a, b);
  const said = (of: string): Agreement =>
    reasons.some((reason) => reason === `${of}-same`)
      ? 'same'
      : reasons.some((reason) => reason === `${of}-close` || reason === `${of}-alike`)
        ? 'close'
        : 'other';
  const agreements: Record<Field, Agreement> = {
    names: said('names'),
    birth: said('birth'),
    document: bothSay(one, other, 'documentNumber') ? documentOf(one, other, said('document')) : 'missing',
    sex: equal(one, other, 'sex'),
    nationality: equal(one, other, 'nationality'),
    phone: equal(one, other, 'phone'),
    email: equal(one, other, 'email'),
  };
  const fields = FIELDS.map((field) => ({ field, agreement: agreements[field] }));
  return { score: points, ground: suspicion(a, b)?.ground ?? null, fields };
}

/** Documents of two kinds are not compared: one person may have both. */
function documentOf(one: Registered, other: Registered, said: Agreement): Agreement {
  return one.person.documentType === other.person.documentType ? said : 'other';
}

function equal(one: Registered, other: Registered, field: keyof Person): Agreement {
  if (!bothSay(one, other, field)) return 'missing';
  return one.person[field] === other.person[field] ? 'same' : 'other';
}

function bothSay({ person: a }: Registered, { person: b }: Registered, field: keyof Person): boolean {
  return a[field] !== undefined && b[field] !== undefined;
}
