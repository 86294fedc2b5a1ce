import { defineAgency } from '@retorno/agency';
import { policy } from './consular.policy';

/** Consulates: what is done for a compatriot before the return. */
export const agency = defineAgency({
  slug: 'consular',
  name: 'Oficinas Consulares del Perú',
  version: 1,
  services: [
    {
      code: 'detention-visit',
      title: { es: 'Visita consular en detención', en: 'Consular visit in detention' },
      for: ['detained-abroad'],
      only: { phase: 'before-arrival' },
      requires: [],
      ack: '4 h',
      done: '24 h',
      basis: 'consent',
      purpose: 'protection',
      law: 'Convención de Viena sobre Relaciones Consulares, art. 36; Reglamento Consular (DS 032-2023-RE), arts. 71 y 74',
      sees: ['name', 'birth', 'place-of-detention'],
    },
    {
      code: 'travel-document',
      title: { es: 'Salvoconducto', en: 'Travel document' },
      for: [],
      forDocuments: ['none'],
      only: { phase: 'before-arrival' },
      requires: [],
      ack: '1 d',
      done: '3 d',
      basis: 'consent',
      purpose: 'identity',
      law: 'Convención de Viena sobre Relaciones Consulares, art. 5; Reglamento Consular (DS 032-2023-RE), art. 109',
      sees: ['name', 'birth', 'sex'],
    },
    {
      code: 'legal-defence',
      title: { es: 'Asistencia legal en el exterior', en: 'Legal defence abroad' },
      for: ['legal-advice'],
      only: { phase: 'before-arrival' },
      requires: [],
      ack: '1 d',
      done: '10 d',
      basis: 'consent',
      purpose: 'legal',
      law: 'Convención de Viena sobre Relaciones Consulares, arts. 5 y 36; Reglamento Consular (DS 032-2023-RE), art. 71',
      sees: ['name', 'contact', 'place-of-detention'],
    },
  ],
  policy,
});
