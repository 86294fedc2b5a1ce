import { defineAgency } from '@retorno/agency';
import { policy } from './interior.policy';

/** Ministry of the Interior: the case against the traffickers. */
export const agency = defineAgency({
  slug: 'interior',
  name: 'Ministerio del Interior (MININTER)',
  version: 1,
  services: [
    {
      code: 'trafficking-case',
      title: { es: 'Denuncia por trata de personas', en: 'Trafficking case' },
      for: ['trafficking'],
      only: { consentOrUnder: 18 },
      requires: [],
      ack: '1 h',
      done: '24 h',
      basis: 'consent',
      purpose: 'protection',
      law: 'Ley 28950, Ley contra la trata de personas y el tráfico ilícito de migrantes, art. 7; Decreto Legislativo 1267, Ley de la Policía Nacional del Perú',
      sees: ['code-name', 'safe-contact'],
    },
  ],
  policy,
});
