import { defineAgency } from '@retorno/agency';
import { policy } from './social-inclusion.policy';

/** Ministry of Development and Social Inclusion: who is poor by the state's own measure, and what follows from it. */
export const agency = defineAgency({
  slug: 'social-inclusion',
  name: 'Ministerio de Desarrollo e Inclusión Social (MIDIS)',
  version: 1,
  services: [
    {
      code: 'household-classification',
      title: {
        es: 'Clasificación socioeconómica del hogar',
        en: 'Socioeconomic classification of the household',
      },
      for: [],
      requires: ['id'],
      ack: '3 d',
      done: '15 d',
      basis: 'consent',
      purpose: 'social',
      law: 'Ley 30435, Ley que crea el Sistema Nacional de Focalización (SINAFO)',
      sees: ['name', 'document', 'household', 'district', 'contact'],
    },
    {
      code: 'social-programme',
      title: { es: 'Programa social', en: 'Social programme' },
      for: ['social-programme'],
      requires: ['household-classification'],
      ack: '3 d',
      done: '30 d',
      basis: 'consent',
      purpose: 'social',
      law: 'Ley 29792, Ley de creación, organización y funciones del MIDIS; Ley 30435 (SINAFO)',
      sees: ['name', 'document', 'household', 'district', 'contact'],
    },
  ],
  policy,
});
