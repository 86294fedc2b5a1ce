import { defineAgency } from '@retorno/agency';
import { offices } from './education.offices';
import { policy } from './education.policy';

/** Ministry of Education. */
export const agency = defineAgency({
  slug: 'education',
  name: 'Ministerio de Educación (MINEDU)',
  version: 1,
  services: [
    {
      code: 'school-enrolment',
      title: { es: 'Matrícula escolar', en: 'School enrolment' },
      for: ['school-enrolment'],
      only: { ageFrom: 3, ageTo: 17 },
      requires: [],
      ack: '3 d',
      done: '30 d',
      basis: 'consent',
      purpose: 'education',
      law: 'Ley 28044, Ley General de Educación, art. 3',
      // A place at a school is found while the family is still packing.
      preBook: true,
      sees: ['name', 'birth', 'sex', 'district', 'contact'],
    },
    {
      code: 'recognition-of-studies',
      title: { es: 'Reconocimiento de estudios', en: 'Recognition of studies' },
      for: ['recognition-of-studies'],
      requires: ['id'],
      ack: '3 d',
      done: '30 d',
      basis: 'consent',
      purpose: 'education',
      law: 'Ley 28044, Ley General de Educación; Ley 30220, Ley Universitaria, art. 44',
      sees: ['name', 'document', 'contact'],
    },
  ],
  offices,
  policy,
});
