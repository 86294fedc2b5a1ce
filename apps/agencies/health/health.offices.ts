import type { AgencyDefinition } from '@retorno/agency';

/** Hospitals of reference for returnees: in Lima and Callao, at the borders and in the south. */
export const offices: NonNullable<AgencyDefinition['offices']> = [
  { code: 'dos-de-mayo', name: 'Hospital Nacional Dos de Mayo', ubigeoInei: '150101' },
  {
    code: 'loayza',
    name: 'Hospital Nacional Arzobispo Loayza',
    ubigeoInei: '150101',
    services: ['medical-care'],
  },
  {
    code: 'carrion',
    name: 'Hospital Nacional Daniel Alcides Carrión',
    ubigeoInei: '070102',
    services: ['medical-care'],
  },
  {
    code: 'noguchi',
    name: 'Instituto Nacional de Salud Mental Honorio Delgado - Hideyo Noguchi',
    ubigeoInei: '150135',
    services: ['mental-health'],
    languages: ['es', 'en'],
  },
  { code: 'tumbes', name: 'Hospital Regional José Alfredo Mendoza Olavarría', ubigeoInei: '240101' },
  { code: 'piura', name: 'Hospital Santa Rosa de Piura', ubigeoInei: '200115' },
  { code: 'iquitos', name: 'Hospital Regional de Loreto', ubigeoInei: '160101' },
  { code: 'cusco', name: 'Hospital Regional del Cusco', ubigeoInei: '080101', languages: ['es', 'qu'] },
  {
    code: 'arequipa',
    name: 'Hospital Regional Honorio Delgado Espinoza',
    ubigeoInei: '040101',
    languages: ['es', 'qu'],
  },
  {
    code: 'puno',
    name: 'Hospital Regional Manuel Núñez Butrón',
    ubigeoInei: '210101',
    languages: ['es', 'qu', 'ay'],
  },
  { code: 'tacna', name: 'Hospital Hipólito Unanue de Tacna', ubigeoInei: '230101', languages: ['es', 'ay'] },
];
