import { defineAgency } from '@retorno/agency';
import { policy } from './disability.policy';

/** CONADIS: the register of persons with disabilities. */
export const agency = defineAgency({
  slug: 'disability',
  name: 'Consejo Nacional para la Integración de la Persona con Discapacidad (CONADIS)',
  version: 1,
  services: [
    {
      code: 'disability-card',
      title: { es: 'Carné de discapacidad', en: 'Disability card' },
      for: ['disability-card'],
      requires: ['id', 'medical-care'],
      ack: '3 d',
      done: '30 d',
      basis: 'consent',
      purpose: 'social',
      law: 'Ley 29973, Ley General de la Persona con Discapacidad; su reglamento, DS 002-2014-MIMP, arts. 70 a 72',
      sees: ['name', 'document', 'district', 'contact', 'certificate'],
    },
  ],
  policy,
});
