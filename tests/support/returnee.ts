/** Made-up returnees as POST /intake/returnees takes them. */

/** The manifest's columns as JSON. */
export interface ReturneeBody {
  external_id: string;
  sending_authority: string;
  return_type: string;
  arrival_date: string;
  flight: string;
  origin_country: string;
  nationality: string;
  port_of_entry: string;
  family_names: string;
  given_names: string;
  date_of_birth: string;
  sex: string;
  document_type: string;
  document_number: string;
  household: string;
  relationship: string;
  phone: string;
  email: string;
  languages: string[];
  years_abroad: number;
  destination_ubigeo: string;
  vulnerabilities: string[];
  needs: string[];
  consent: string;
  consent_at: string;
}

let count = 0;

/** A Peruvian woman of 36 with a DNI who consents and asks for nothing, unless said otherwise; never the same person. */
export function returneeBody(changes: Partial<ReturneeBody> = {}): ReturneeBody {
  const n = ++count;
  const type = changes.document_type ?? 'dni';
  const number = String(40_000_000 + n);
  const consent = changes.consent ?? 'granted';
  return {
    external_id: `s-${n}`,
    sending_authority: 'consulate:es-madrid',
    return_type: 'voluntary',
    arrival_date: '2026-11-20',
    flight: 'ES254',
    origin_country: 'ES',
    nationality: 'PE',
    port_of_entry: 'LIM',
    family_names: 'Quispe Mamani',
    given_names: `Rosa ${letters(n)}`,
    date_of_birth: '1990-02-14',
    sex: 'F',
    document_type: type,
    document_number: type === 'none' ? '' : type === 'dni' ? number : `P${number}`,
    household: '',
    relationship: 'single',
    phone: `+519${number}`,
    email: '',
    languages: ['es'],
    years_abroad: 5,
    destination_ubigeo: '150101',
    vulnerabilities: [],
    needs: [],
    consent,
    consent_at: consent === 'pending' ? '' : '2026-11-20T08:00:00-05:00',
    ...changes,
  };
}

/** As a row of a manifest. */
export function asCells(body: ReturneeBody): Record<keyof ReturneeBody, string> {
  const cells = Object.entries(body).map(([column, value]) => [
    column,
    Array.isArray(value) ? value.join('|') : String(value),
  ]);
  return Object.fromEntries(cells) as Record<keyof ReturneeBody, string>;
}

/** Neighbours in number are none in spelling: nobody is suspected to be somebody else. */
function letters(n: number): string {
  const shuffled = String((n * 7_919 + 104_729) % 1_000_003).padStart(6, '0');
  return [...shuffled].map((digit) => 'bcdfghklmn'[Number(digit)]).join('');
}
