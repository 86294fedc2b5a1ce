import type { AgencyDefinition } from '@retorno/agency';

/** The insurance fund's decentralised units. */
export const offices: NonNullable<AgencyDefinition['offices']> = [
  { code: 'lima', name: 'Unidad Desconcentrada Regional SIS Lima', ubigeoInei: '150113' },
  { code: 'callao', name: 'Unidad Desconcentrada Regional SIS Callao', ubigeoInei: '070101' },
  { code: 'tumbes', name: 'Unidad Desconcentrada Regional SIS Tumbes', ubigeoInei: '240101' },
  { code: 'piura', name: 'Unidad Desconcentrada Regional SIS Piura', ubigeoInei: '200101' },
  { code: 'trujillo', name: 'Unidad Desconcentrada Regional SIS Trujillo', ubigeoInei: '130101' },
  { code: 'iquitos', name: 'Unidad Desconcentrada Regional SIS Iquitos', ubigeoInei: '160101' },
  {
    code: 'cusco',
    name: 'Unidad Desconcentrada Regional SIS Cusco',
    ubigeoInei: '080101',
    languages: ['es', 'qu'],
  },
  {
    code: 'arequipa',
    name: 'Unidad Desconcentrada Regional SIS Arequipa',
    ubigeoInei: '040101',
    languages: ['es', 'qu'],
  },
  {
    code: 'puno',
    name: 'Unidad Desconcentrada Regional SIS Puno',
    ubigeoInei: '210101',
    languages: ['es', 'qu', 'ay'],
  },
  {
    code: 'tacna',
    name: 'Unidad Desconcentrada Regional SIS Tacna',
    ubigeoInei: '230101',
    languages: ['es', 'ay'],
  },
];
