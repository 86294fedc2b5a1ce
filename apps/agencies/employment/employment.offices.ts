import type { AgencyDefinition } from '@retorno/agency';

/** The regional job centres. */
export const offices: NonNullable<AgencyDefinition['offices']> = [
  {
    code: 'lima',
    name: 'Centro de Empleo Lima Metropolitana',
    ubigeoInei: '150113',
    languages: ['es', 'en'],
  },
  { code: 'callao', name: 'Centro de Empleo Callao', ubigeoInei: '070101' },
  { code: 'tumbes', name: 'Centro de Empleo Tumbes', ubigeoInei: '240101' },
  { code: 'piura', name: 'Centro de Empleo Piura', ubigeoInei: '200101' },
  { code: 'trujillo', name: 'Centro de Empleo Trujillo', ubigeoInei: '130101' },
  { code: 'iquitos', name: 'Centro de Empleo Iquitos', ubigeoInei: '160101' },
  { code: 'huancayo', name: 'Centro de Empleo Huancayo', ubigeoInei: '120101', languages: ['es', 'qu'] },
  { code: 'cusco', name: 'Centro de Empleo Cusco', ubigeoInei: '080101', languages: ['es', 'qu'] },
  { code: 'arequipa', name: 'Centro de Empleo Arequipa', ubigeoInei: '040101', languages: ['es', 'qu'] },
  { code: 'puno', name: 'Centro de Empleo Puno', ubigeoInei: '210101', languages: ['es', 'qu', 'ay'] },
  { code: 'tacna', name: 'Centro de Empleo Tacna', ubigeoInei: '230101', languages: ['es', 'ay'] },
];
