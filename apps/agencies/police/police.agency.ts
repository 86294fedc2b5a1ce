import { defineAgency } from '@retorno/agency';
import { policy } from './police.policy';

/** National Police: the certificate of a clean record. */
export const agency = defineAgency({
  slug: 'police',
  name: 'Policía Nacional del Perú (PNP)',
  version: 1,
  services: [
    {
      code: 'record-certificate',
      title: { es: 'Certificado de antecedentes policiales', en: 'Police record certificate' },
      for: ['police-record'],
      only: { ageFrom: 18 },
      requires: ['id'],
      ack: '1 d',
      done: '5 d',
      basis: 'consent',
      purpose: 'legal',
      law: 'Decreto Legislativo 1267, Ley de la Policía Nacional del Perú',
      sees: ['name', 'document'],
    },
  ],
  policy,
});
