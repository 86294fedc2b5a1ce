import type { AgencyDefinition } from '@retorno/agency';

/** Where the registry receives people: in Lima, at the borders and in the larger cities. */
export const offices: NonNullable<AgencyDefinition['offices']> = [
  { code: 'lima', name: 'Agencia RENIEC Lima', ubigeoInei: '150101', languages: ['es', 'en'] },
  { code: 'callao', name: 'Agencia RENIEC Callao', ubigeoInei: '070101' },
  { code: 'tumbes', name: 'Agencia RENIEC Tumbes', ubigeoInei: '240101' },
  { code: 'piura', name: 'Agencia RENIEC Piura', ubigeoInei: '200101' },
  { code: 'trujillo', name: 'Agencia RENIEC Trujillo', ubigeoInei: '130101' },
  { code: 'iquitos', name: 'Agencia RENIEC Iquitos', ubigeoInei: '160101' },
  { code: 'huancayo', name: 'Agencia RENIEC Huancayo', ubigeoInei: '120101', languages: ['es', 'qu'] },
  { code: 'ayacucho', name: 'Agencia RENIEC Ayacucho', ubigeoInei: '050101', languages: ['es', 'qu'] },
  { code: 'cusco', name: 'Agencia RENIEC Cusco', ubigeoInei: '080101', languages: ['es', 'qu'] },
  { code: 'arequipa', name: 'Agencia RENIEC Arequipa', ubigeoInei: '040101', languages: ['es', 'qu'] },
  { code: 'puno', name: 'Agencia RENIEC Puno', ubigeoInei: '210101', languages: ['es', 'qu', 'ay'] },
  { code: 'tacna', name: 'Agencia RENIEC Tacna', ubigeoInei: '230101', languages: ['es', 'ay'] },
];
