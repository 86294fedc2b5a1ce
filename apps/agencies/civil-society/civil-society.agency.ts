import { defineAgency } from '@retorno/agency';
import { policy } from './civil-society.policy';

/** Charities and pro bono firms: they stand in where the state has no room. */
export const agency = defineAgency({
  slug: 'civil-society',
  name: 'Organizaciones de la sociedad civil',
  version: 1,
  services: [
    {
      code: 'legal-advice',
      title: { es: 'Asesoría legal pro bono', en: 'Pro bono legal advice' },
      for: [],
      equivalentTo: ['legal-aid'],
      requires: [],
      ack: '2 d',
      done: '30 d',
      basis: 'consent',
      purpose: 'legal',
      law: 'Ley 29733, Ley de protección de datos personales, art. 13, num. 5 (consentimiento)',
      sees: ['name', 'contact'],
    },
    {
      code: 'temporary-housing',
      title: { es: 'Alojamiento temporal', en: 'Temporary housing' },
      for: [],
      equivalentTo: ['shelter'],
      requires: [],
      ack: '2 h',
      done: '24 h',
      basis: 'vital-interests',
      purpose: 'housing',
      law: 'Ley 29733, Ley de protección de datos personales, art. 14, num. 9 (intereses legítimos de la persona)',
      preBook: true,
      sees: ['name', 'household', 'sex', 'contact'],
    },
  ],
  policy,
});
