import { defineAgency } from '@retorno/agency';
import { offices } from './insurance.offices';
import { policy } from './insurance.policy';

/** SIS: public health insurance. */
export const agency = defineAgency({
  slug: 'insurance',
  name: 'Seguro Integral de Salud (SIS)',
  version: 1,
  services: [
    {
      code: 'enrolment',
      title: { es: 'Afiliación al SIS', en: 'Enrolment in public health insurance' },
      for: ['health-insurance'],
      requires: ['id'],
      ack: '1 d',
      done: '5 d',
      basis: 'consent',
      purpose: 'health',
      law: 'Ley 29344, Ley Marco de Aseguramiento Universal en Salud; Ley 30001, art. 6',
      // Insured at once; the card follows.
      provisionalFor: { vulnerabilities: ['pregnant', 'chronic-illness', 'tb-or-hiv'], underAge: 5 },
      sees: ['name', 'birth', 'sex', 'document', 'district', 'contact'],
    },
  ],
  offices,
  policy,
});
