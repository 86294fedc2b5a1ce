import { defineAgency } from '@retorno/agency';
import { policy } from './migration.policy';

/** Migraciones: entries and exits, foreign members of the family, the land borders. */
export const agency = defineAgency({
  slug: 'migration',
  name: 'Superintendencia Nacional de Migraciones (MIGRACIONES)',
  version: 1,
  services: [
    {
      code: 'movement-record',
      title: { es: 'Certificado de movimiento migratorio', en: 'Record of entries and exits' },
      for: [],
      requires: [],
      ack: '1 d',
      done: '5 d',
      basis: 'consent',
      purpose: 'migration',
      law: 'Decreto Legislativo 1130, que crea la Superintendencia Nacional de Migraciones, art. 6, lit. i',
      sees: ['name', 'birth', 'document'],
    },
    {
      code: 'foreigner-card',
      title: { es: 'Carné de extranjería', en: "Foreigner's card" },
      for: [],
      requires: [],
      ack: '1 d',
      done: '15 d',
      basis: 'consent',
      purpose: 'migration',
      law: 'Decreto Legislativo 1350, Decreto Legislativo de Migraciones; Decreto Legislativo 1130, art. 6, lit. g',
      // Later referrals carry its number.
      outcome: { requires: ['document'] },
      sees: ['name', 'birth', 'sex', 'nationality', 'document', 'contact'],
    },
    {
      code: 'border-reception',
      title: { es: 'Recepción en frontera', en: 'Reception at the border' },
      for: [],
      every: 'arrival',
      only: { portsExcept: ['LIM'] },
      requires: [],
      ack: '2 h',
      done: '24 h',
      basis: 'legal-obligation',
      purpose: 'reception',
      law: 'Decreto Legislativo 1350, Decreto Legislativo de Migraciones; Decreto Legislativo 1130, art. 6; Ley 30001, arts. 5 y 9',
      // The officers know who comes before the bus or the plane does.
      preBook: true,
      sees: ['name', 'household', 'port', 'flight'],
    },
  ],
  policy,
});
