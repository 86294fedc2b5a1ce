import { defineAgency } from '@retorno/agency';
import { policy } from './protection.policy';

/** Ministry of Women and Vulnerable Populations: violence, trafficking, children who come alone. */
export const agency = defineAgency({
  slug: 'protection',
  name: 'Ministerio de la Mujer y Poblaciones Vulnerables (MIMP)',
  version: 1,
  services: [
    {
      code: 'womens-emergency-centre',
      title: { es: 'Centro Emergencia Mujer', en: "Women's emergency centre" },
      for: ['gender-based-violence'],
      requires: [],
      ack: '1 h',
      done: '24 h',
      basis: 'vital-interests',
      purpose: 'protection',
      law: 'Ley 30364, Ley para prevenir, sancionar y erradicar la violencia contra las mujeres y los integrantes del grupo familiar (TUO: DS 004-2020-MIMP), art. 10',
      // A safe place is found before she lands.
      preBook: true,
      sees: ['code-name', 'safe-contact', 'district'],
    },
    {
      code: 'special-protection-unit',
      title: { es: 'Unidad de Protección Especial', en: 'Special protection unit' },
      for: ['unaccompanied-child'],
      requires: [],
      ack: '1 h',
      done: '24 h',
      basis: 'legal-obligation',
      purpose: 'protection',
      law: 'Decreto Legislativo 1297, para la protección de niñas, niños y adolescentes sin cuidados parentales o en riesgo de perderlos, art. 11',
      // Somebody of the unit stands at the gate when the child comes out.
      preBook: true,
      // Everything else of the child's case waits for the decision: the unit is not done without saying what it was.
      // `decided`: what it was stays in the unit's own file.
      outcome: {
        requires: ['result'],
        results: [
          'decided',
          'family-reunification',
          'kinship-care',
          'foster-care',
          'residential-care',
          'no-measure',
        ],
      },
      sees: ['name', 'birth', 'sex', 'languages', 'household', 'port'],
    },
    {
      code: 'trafficking-care',
      title: { es: 'Atención a víctimas de trata', en: 'Care for victims of trafficking' },
      for: ['trafficking'],
      requires: [],
      ack: '1 h',
      done: '24 h',
      basis: 'vital-interests',
      purpose: 'protection',
      law: 'Ley 28950, Ley contra la trata de personas y el tráfico ilícito de migrantes, art. 7',
      preBook: true,
      sees: ['code-name', 'birth', 'safe-contact', 'district'],
    },
  ],
  policy,
});
