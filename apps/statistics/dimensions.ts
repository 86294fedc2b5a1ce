/** What figures can be broken down by. */
import type { Words } from './figures';

export interface Dimension {
  readonly name: string;
  /** SQL of its value, over a case's row `c`, or of what `from` joins. */
  readonly sql: string;
  /** Joined to the case: a case may then have several values, and values do not add up to the total. */
  readonly from?: string;
  readonly words: Words;
}

const one = (name: string, sql: string, es: string, en: string): Dimension => ({
  name,
  sql,
  words: { es, en },
});

/** The dimension that sets return migrants apart; a table by one other dimension is crossed with it. */
export const POPULATION = 'population';

/** By name. */
export const DIMENSIONS: ReadonlyMap<string, Dimension> = new Map(
  [
    one('sex', 'c.sex', 'Sexo: F, M o X', 'Sex: F, M or X'),
    one(
      'age-group',
      'c.age_group',
      'Edad en años cumplidos a la llegada',
      'Age in completed years at arrival',
    ),
    one(
      'origin-country',
      'c.origin',
      'País del que retorna, ISO 3166-1',
      'Country returned from, ISO 3166-1',
    ),
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
      words: {
        es: 'Entidad derivada; un caso puede tener varias. Necesidades, derivaciones y días son los de esa entidad',
        en: 'Agency referred to; a case may have several. Needs, referrals and days are those of that agency',
      },
    },
    one('month', 'c.month', 'Mes de la llegada', 'Month of the arrival'),
    one(
      POPULATION,
      `case when c.migrant then 'return-migrants' else 'others' end`,
      'Migrantes retornados (return-migrants): peruanos tras residir un año o más en el extranjero, y los demás (others)',
      'Return migrants: Peruvians after residing abroad for a year or longer, and the others',
    ),
  ].map((dimension) => [dimension.name, dimension]),
);

/** True when a case may have several values, so that they do not add up to the total. */
export function isMultiple(dimension: Dimension): boolean {
  return dimension.from !== undefined || dimension.name === 'agency';
}
