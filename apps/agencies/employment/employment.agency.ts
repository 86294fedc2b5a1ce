import { defineAgency, leaveToStaff } from '@retorno/agency';
import { offices } from './employment.offices';

/** Ministry of Labour. */
export const agency = defineAgency({
  slug: 'employment',
  name: 'Ministerio de Trabajo y Promoción del Empleo (MTPE)',
  version: 1,
  services: [
    {
      code: 'job-placement',
      title: { es: 'Bolsa de trabajo', en: 'Job placement' },
      for: ['employment'],
      only: { ageFrom: 18 },
      requires: ['id'],
      ack: '3 d',
      done: '60 d',
      basis: 'consent',
      purpose: 'work',
      law: 'Ley 29381, Ley de Organización y Funciones del Ministerio de Trabajo y Promoción del Empleo, arts. 4 y 8; Ley 30001, art. 5',
      sees: ['name', 'document', 'district', 'contact'],
    },
    {
      code: 'skills-certification',
      title: { es: 'Certificación de competencias', en: 'Certification of skills' },
      for: ['skills-certification'],
      only: { ageFrom: 18 },
      requires: ['id'],
      ack: '3 d',
      done: '60 d',
      basis: 'consent',
      purpose: 'work',
      law: 'Ley 29381, Ley de Organización y Funciones del Ministerio de Trabajo y Promoción del Empleo, art. 4; Ley 30001, art. 5',
      sees: ['name', 'document', 'district', 'contact'],
    },
  ],
  offices,
  // Placing a person is a conversation with them.
  policy: leaveToStaff,
});
