import { defineAgency } from '@retorno/agency';
import { offices } from './health.offices';
import { policy } from './health.policy';

/** Ministry of Health. */
export const agency = defineAgency({
  slug: 'health',
  name: 'Ministerio de Salud (MINSA)',
  version: 1,
  services: [
    {
      code: 'medical-care',
      title: { es: 'Atención médica', en: 'Medical care' },
      for: ['health-care', 'pregnant', 'chronic-illness', 'tb-or-hiv'],
      requires: [],
      ack: '1 d',
      done: '14 d',
      basis: 'consent',
      purpose: 'health',
      law: 'Ley 26842, Ley General de Salud, arts. 3, 15 y 25; Ley 29733, art. 14, num. 6 (salud, en circunstancia de riesgo)',
      // Insulin, a birth, a treatment begun abroad: the appointment is there on the day of landing.
      preBook: true,
      urgent: {
        for: ['pregnant', 'chronic-illness', 'tb-or-hiv'],
        ack: '4 h',
        done: '48 h',
        basis: 'vital-interests',
      },
      sees: ['name', 'birth', 'sex', 'district', 'contact', 'health-facts'],
    },
    {
      code: 'mental-health',
      title: { es: 'Salud mental', en: 'Mental health care' },
      for: ['emotional-support', 'mental-distress'],
      requires: [],
      ack: '1 d',
      done: '14 d',
      basis: 'consent',
      purpose: 'health',
      law: 'Ley 30947, Ley de Salud Mental, art. 9',
      preBook: true,
      sees: ['name', 'birth', 'sex', 'district', 'contact', 'health-facts'],
    },
  ],
  offices,
  policy,
});
