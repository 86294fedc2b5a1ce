import { defineAgency } from '@retorno/agency';
import { offices } from './identity.offices';
import { policy, SEVERAL } from './identity.policy';

/** RENIEC: who somebody is, on paper. */
export const agency = defineAgency({
  slug: 'identity',
  name: 'Registro Nacional de Identificación y Estado Civil (RENIEC)',
  version: 1,
  services: [
    {
      code: 'dni-verify',
      title: { es: 'Verificación del DNI', en: 'Verification of the identity card' },
      for: [],
      forDocuments: ['dni'],
      requires: [],
      ack: '1 d',
      done: '2 d',
      basis: 'consent',
      purpose: 'identity',
      law: 'Ley 26497, Ley Orgánica del Registro Nacional de Identificación y Estado Civil, arts. 2 y 26; Decreto Legislativo 1246, arts. 2 y 3',
      // Looked up before the flight lands, so that what needs a proven identity need not wait.
      preBook: true,
      // Without a result nobody knows whether a new card is called for.
      outcome: { requires: ['result'], results: ['verified', 'not-found'], interim: [SEVERAL] },
      sees: ['name', 'birth', 'sex', 'document'],
    },
    {
      code: 'dni-issue',
      title: { es: 'Emisión del DNI', en: 'Issue of the identity card' },
      for: ['identity-document'],
      requires: [],
      ack: '1 d',
      done: '15 d',
      basis: 'consent',
      purpose: 'identity',
      law: 'Ley 26497, Ley Orgánica del Registro Nacional de Identificación y Estado Civil, arts. 26, 27 y 31',
      // Later referrals carry its number.
      outcome: {
        requires: ['document'],
        document: { pattern: '^[0-9]{8}$', inWords: 'the number of a DNI: eight digits' },
      },
      sees: ['name', 'birth', 'sex', 'document', 'district', 'contact'],
    },
    {
      code: 'birth-registration',
      title: { es: 'Inscripción de nacimiento', en: 'Registration of a birth' },
      for: ['birth-registration'],
      requires: [],
      ack: '1 d',
      done: '15 d',
      basis: 'consent',
      purpose: 'identity',
      law: 'Ley 26497, Ley Orgánica del RENIEC, art. 44; DS 015-98-PCM, Reglamento de Inscripciones, arts. 3 y 22',
      sees: ['name', 'birth', 'sex', 'contact'],
    },
    {
      code: 'civil-certificate',
      title: { es: 'Acta de estado civil', en: 'Civil status certificate' },
      for: ['civil-certificate'],
      requires: [],
      ack: '1 d',
      done: '3 d',
      basis: 'consent',
      purpose: 'identity',
      law: 'Ley 26497, Ley Orgánica del RENIEC, art. 7; DS 015-98-PCM, Reglamento de Inscripciones, arts. 4 y 62',
      sees: ['name', 'birth', 'document', 'contact'],
    },
  ],
  offices,
  policy,
});
