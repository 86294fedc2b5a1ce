import type { AgencyDefinition } from '@retorno/agency';

/** The local education units (UGEL) enrol; studies are recognised by the ministry itself. */
export const offices: NonNullable<AgencyDefinition['offices']> = [
  {
    code: 'minedu',
    name: 'Ministerio de Educación, sede central',
    ubigeoInei: '150130',
    services: ['recognition-of-studies'],
    languages: ['es', 'en'],
  },
  { code: 'ugel-03', name: 'UGEL 03 (Lima Centro)', ubigeoInei: '150101', services: ['school-enrolment'] },
  {
    code: 'ugel-01',
    name: 'UGEL 01 (San Juan de Miraflores)',
    ubigeoInei: '150133',
    services: ['school-enrolment'],
  },
  { code: 'ugel-02', name: 'UGEL 02 (Rímac)', ubigeoInei: '150128', services: ['school-enrolment'] },
  {
    code: 'ugel-05',
    name: 'UGEL 05 (San Juan de Lurigancho)',
    ubigeoInei: '150132',
    services: ['school-enrolment'],
  },
  { code: 'dre-callao', name: 'DRE Callao', ubigeoInei: '070101', services: ['school-enrolment'] },
  { code: 'ugel-tumbes', name: 'UGEL Tumbes', ubigeoInei: '240101', services: ['school-enrolment'] },
  { code: 'ugel-piura', name: 'UGEL Piura', ubigeoInei: '200101', services: ['school-enrolment'] },
  { code: 'ugel-maynas', name: 'UGEL Maynas', ubigeoInei: '160101', services: ['school-enrolment'] },
  {
    code: 'ugel-cusco',
    name: 'UGEL Cusco',
    ubigeoInei: '080101',
    services: ['school-enrolment'],
    languages: ['es', 'qu'],
  },
  {
    code: 'ugel-arequipa-norte',
    name: 'UGEL Arequipa Norte',
    ubigeoInei: '040104',
    services: ['school-enrolment'],
    languages: ['es', 'qu'],
  },
  {
    code: 'ugel-puno',
    name: 'UGEL Puno',
    ubigeoInei: '210101',
    services: ['school-enrolment'],
    languages: ['es', 'qu', 'ay'],
  },
  {
    code: 'ugel-tacna',
    name: 'UGEL Tacna',
    ubigeoInei: '230101',
    services: ['school-enrolment'],
    languages: ['es', 'ay'],
  },
];
