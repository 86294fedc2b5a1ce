import { defineAgency, leaveToStaff } from '@retorno/agency';

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
      law: 'Ley 29344, Ley Marco de Aseguramiento Universal en Salud',
      // Insured at once; the card follows.
      provisionalFor: { vulnerabilities: ['pregnant', 'chronic-illness', 'tb-or-hiv'], underAge: 5 },
      sees: ['name', 'birth', 'sex', 'document', 'district', 'contact'],
    },
  ],
  // Enrolment hangs on the household's other insurances, which only the fund's staff can see.
  policy: leaveToStaff,
});
