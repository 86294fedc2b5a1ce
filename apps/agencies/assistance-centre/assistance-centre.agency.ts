import { defineAgency } from '@retorno/agency';
import { policy } from './assistance-centre.policy';

/** Migrant Assistance Centre: the first face at Lima's airport, a bed for the first nights, and the last call. */
export const agency = defineAgency({
  slug: 'assistance-centre',
  name: 'Centro de Atención al Migrante',
  version: 1,
  services: [
    {
      code: 'reception',
      title: { es: 'Recepción en el aeropuerto', en: 'Reception at the airport' },
      for: [],
      every: 'arrival',
      only: { ports: ['LIM'] },
      equivalentTo: ['border-reception'],
      requires: [],
      ack: '2 h',
      done: '24 h',
      basis: 'legal-obligation',
      purpose: 'reception',
      law: 'Ley 30001, Ley de reinserción económica y social para el migrante retornado, arts. 4, 5 y 9; Ley 29733, art. 14, num. 1 (funciones de entidades públicas)',
      preBook: true,
      sees: ['name', 'household', 'languages', 'port', 'flight'],
    },
    {
      code: 'shelter',
      title: { es: 'Albergue', en: 'Shelter' },
      for: ['shelter'],
      requires: [],
      ack: '2 h',
      done: '24 h',
      basis: 'vital-interests',
      purpose: 'housing',
      law: 'Ley 30001, Ley de reinserción económica y social para el migrante retornado, art. 5; Ley 29733, art. 14, num. 9 (intereses legítimos de la persona)',
      preBook: true,
      sees: ['name', 'household', 'sex', 'contact'],
    },
    {
      code: 'follow-up',
      title: { es: 'Seguimiento', en: 'Follow-up' },
      for: [],
      every: 'case-end',
      requires: [],
      ack: '5 d',
      done: '30 d',
      basis: 'consent',
      purpose: 'follow-up',
      law: 'Ley 30001, Ley de reinserción económica y social para el migrante retornado, art. 5, lit. a (monitoreo); Ley 29733, art. 13, num. 5 (consentimiento)',
      sees: ['name', 'contact'],
    },
  ],
  policy,
});
