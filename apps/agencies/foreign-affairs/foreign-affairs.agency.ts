import { defineAgency } from '@retorno/agency';
import { policy } from './foreign-affairs.policy';

/** Ministry of Foreign Affairs: the returnee card, which opens the benefits of the law on return. */
export const agency = defineAgency({
  slug: 'foreign-affairs',
  name: 'Ministerio de Relaciones Exteriores (MRE)',
  version: 1,
  services: [
    {
      code: 'returnee-card',
      title: { es: 'Tarjeta del migrante retornado', en: 'Returnee card' },
      for: ['returnee-card'],
      only: { nationality: 'peruvian', yearsAbroadFrom: 3, enteredWithinDays: 180 },
      requires: ['id', 'movement-record'],
      ack: '1 d',
      done: '15 d',
      basis: 'consent',
      purpose: 'migration',
      law: 'Ley 30001, Ley de reinserción económica y social para el migrante retornado, art. 2, modificado por la Ley 31827',
      sees: ['name', 'document', 'contact', 'years-abroad'],
    },
  ],
  policy,
});
