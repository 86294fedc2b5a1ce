import { defineAgency } from '@retorno/agency';
import { policy } from './justice.policy';

/** Ministry of Justice: public defenders. */
export const agency = defineAgency({
  slug: 'justice',
  name: 'Ministerio de Justicia y Derechos Humanos (MINJUSDH)',
  version: 1,
  services: [
    {
      code: 'legal-aid',
      title: { es: 'Asistencia legal gratuita', en: 'Free legal aid' },
      for: ['legal-advice'],
      requires: [],
      ack: '2 d',
      done: '30 d',
      basis: 'consent',
      purpose: 'legal',
      law: 'Ley 29360, Ley del Servicio de Defensa Pública, arts. 2 y 14',
      sees: ['name', 'contact'],
    },
  ],
  policy,
});
