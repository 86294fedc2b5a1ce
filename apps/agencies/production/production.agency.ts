import { defineAgency } from '@retorno/agency';
import { policy } from './production.policy';

/** Ministry of Production: a business of one's own. */
export const agency = defineAgency({
  slug: 'production',
  name: 'Ministerio de la Producción (PRODUCE)',
  version: 1,
  services: [
    {
      code: 'safe-entrepreneurship',
      title: { es: 'Emprendimiento seguro', en: 'Safe entrepreneurship' },
      for: ['entrepreneurship'],
      only: { ageFrom: 18 },
      requires: ['id'],
      ack: '5 d',
      done: '60 d',
      basis: 'consent',
      purpose: 'work',
      law: 'Ley 30001, Ley de reinserción económica y social para el migrante retornado, art. 5',
      sees: ['name', 'document', 'district', 'contact'],
    },
  ],
  policy,
});
