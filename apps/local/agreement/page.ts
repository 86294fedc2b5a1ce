/** docs/reference/information-sharing.md: the agreement with every agency, as a page to read and to sign. */
import type { AgencyDefinition } from '@retorno/agency';
import type { Basis, DisclosedField } from '@retorno/contracts';
import { agreementOf, type Agreement } from '../../coordinator/casework/agreement';

const FIELDS: Record<DisclosedField, readonly [es: string, en: string]> = {
  name: ['nombres y apellidos', 'both names'],
  'code-name': ['nombre en clave, propio de la entidad', "a code name of the agency's own"],
  birth: ['fecha de nacimiento', 'date of birth'],
  sex: ['sexo', 'sex'],
  nationality: ['nacionalidad', 'nationality'],
  document: ['tipo y número de documento', 'type and number of the document'],
  district: ['distrito de destino (UBIGEO, INEI)', 'district of destination (UBIGEO, INEI)'],
  contact: ['teléfono, correo electrónico, idiomas', 'telephone, email, languages'],
  'safe-contact': ['teléfono seguro', 'a safe telephone'],
  languages: ['idiomas', 'languages'],
  household: ['referencia del hogar, propia de la entidad', "the agency's own reference of the household"],
  port: ['puesto de ingreso', 'port of entry'],
  flight: ['vuelo', 'flight'],
  'years-abroad': ['años en el exterior', 'years abroad'],
  'place-of-detention': ['lugar de detención', 'place of detention'],
  'health-facts': ['datos de salud', 'facts of health'],
  certificate: ['certificado médico', 'medical certificate'],
};

const BASES: Record<Basis, readonly [es: string, en: string]> = {
  consent: ['consentimiento', 'consent'],
  'vital-interests': ['interés vital', 'vital interests'],
  'legal-obligation': ['obligación legal', 'legal obligation'],
};

const MISSING = 'not declared';

/** The page, in Markdown. A test compares it with the file. */
export function agreementPage(agencies: readonly AgencyDefinition[]): string {
  const agreements = agencies.map(({ slug, name, version, services }) =>
    agreementOf({ agency: slug, name, version, services: [...services] }),
  );
  return `<!-- Printed by: npm run --silent agreement -->
# Information-sharing agreement / Convenio de intercambio de información

What each agency of the roundtable may see of a returnee, what for, and by what right. It is generated from the agencies' own
files (\`apps/agencies/<slug>/<slug>.agency.ts\`), and the coordinator discloses by the same lines: what does not stand here is not
sent. Beside these fields an agency receives the referral, its own reference of the case, the service and the deadlines.

\`GET /agreement\` answers the agreement in force, from what the agencies have published. Each transmission is a line of the disclosure
ledger (\`GET /cases/{id}/disclosures\`, \`GET /disclosures\`), which names the version of the agreement.

Against which text each law was checked, and what is only our reading, stands in [laws.md](laws.md).

${agreements.map(section).join('\n\n')}

## Fields / Datos

${table(
  ['field', 'dato', 'what it is'],
  Object.entries(FIELDS).map(([field, [es, en]]) => [`\`${field}\``, es, en]),
)}

## Legal bases / Bases legales

${table(
  ['basis', 'base', 'what it is'],
  Object.entries(BASES).map(([basis, [es, en]]) => [`\`${basis}\``, es, en]),
)}
`;
}

function section({ agency, name, version, services }: Agreement): string {
  const rows = services.map(({ service, title, purpose, basis, urgent, law, fields }) => [
    `\`${service}\``,
    title ? `${title.es} / ${title.en}` : MISSING,
    purpose ?? MISSING,
    [basis, ...(urgent ? [`${urgent.basis} for ${urgent.for.join(', ')}`] : [])].join('; '),
    law ?? MISSING,
    fields.join(', '),
  ]);
  const head = ['service', 'servicio / title', 'purpose', 'basis', 'law', 'fields'];
  return `## ${name} (\`${agency}\`), version ${version}\n\n${table(head, rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
