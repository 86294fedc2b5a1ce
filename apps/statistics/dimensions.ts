/** What figures can be broken down by. */
import type { Words } from './figures';

export interface Dimension {
  readonly name: string;
  /** SQL of its value, over a case's row `c`, or of what `from` joins. */
  readonly sql: string;
  /** Joined to the case. */
  readonly from?: string;
  /** Rows of agencies `f` that its figures are of; those of the whole case where absent. */
  readonly agencyRows?: string;
  /** A case may have several values, which then do not add up to the total. */
  readonly multiple?: true;
  /** The dimension whose values each are several of this one: figures of an agency are those of its services. */
  readonly within?: { readonly name: string; readonly of: (value: string) => string };
  readonly words: Words;
}

const one = (name: string, sql: string, es: string, en: string): Dimension => ({
  name,
  sql,
  words: { es, en },
});

/** The dimension that sets return migrants apart; a table by one other dimension is crossed with it. */
export const POPULATION = 'population';

const ALL: readonly Dimension[] = [
  one('sex', 'c.sex', 'Sexo: F, M o X', 'Sex: F, M or X'),
  one('age-group', 'c.age_group', 'Edad en años cumplidos a la llegada', 'Age in completed years at arrival'),
  one('origin-country', 'c.origin', 'País del que retorna, ISO 3166-1', 'Country returned from, ISO 3166-1'),
  one('nationality', 'c.nationality', 'Nacionalidad, ISO 3166-1', 'Nationality, ISO 3166-1'),
  one(
    'return-type',
    'c.return_type',
    'Deportación, voluntario o asistido',
    'Deportation, voluntary or assisted',
  ),
  one('region', 'c.region', 'Departamento de destino, código INEI', 'Department of destination, INEI code'),
  {
    name: 'vulnerability',
    sql: 'v.value',
    from: `cross join lateral unnest(case when c.vulnerabilities = '{}' then array['none'] else c.vulnerabilities end)
        as v(value)`,
    multiple: true,
    words: {
      es: 'Vulnerabilidad evaluada a la llegada; un caso puede tener varias',
      en: 'Vulnerability assessed on arrival; a case may have several',
    },
  },
  one(
    'disability',
    `case when 'disability' = any(c.vulnerabilities) then 'yes' else 'no' end`,
    'Persona con discapacidad',
    'Person with a disability',
  ),
  {
    name: 'agency',
    sql: 'f.agency',
    agencyRows: 'f.whole',
    multiple: true,
    words: {
      es: 'Entidad derivada; un caso puede tener varias. Necesidades, derivaciones y días son los de esa entidad',
      en: 'Agency referred to; a case may have several. Needs, referrals and days are those of that agency',
    },
  },
  {
    name: 'service',
    sql: 'f.provider',
    agencyRows: 'f.provider <> f.agency',
    multiple: true,
    within: { name: 'agency', of: (value) => value.split('/')[0]! },
    words: {
      es: 'Servicio derivado, entidad/servicio; un caso puede tener varios. Necesidades, derivaciones y días son los de ese servicio',
      en: 'Service referred to, agency/service; a case may have several. Needs, referrals and days are those of that service',
    },
  },
  one(
    'month',
    'c.month',
    'Mes de la llegada; unknown mientras no se sabe el día',
    'Month of the arrival; unknown while the day is not known',
  ),
  one(
    POPULATION,
    `case when c.migrant then 'return-migrants' else 'others' end`,
    'Migrantes retornados (return-migrants): peruanos tras residir un año o más en el extranjero, y los demás (others)',
    'Return migrants: Peruvians after residing abroad for a year or longer, and the others',
  ),
];

/** By name. */
export const DIMENSIONS: ReadonlyMap<string, Dimension> = new Map(
  ALL.map((dimension) => [dimension.name, dimension]),
);
