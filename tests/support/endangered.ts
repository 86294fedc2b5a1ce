/** People of whom nothing may leak: a child alone, survivors, a patient, a household; every value is unlike any other. */
import type { ManifestRow } from './manifest';
import { asCells, returneeBody, type ReturneeBody } from './returnee';
import type { Marker } from './leaks';

/** By the name under which the story speaks of them. */
export const PEOPLE: Record<string, ReturneeBody> = {
  child: returneeBody({
    external_id: 'ext-zorzal-1',
    family_names: 'Ñahuincopa Warakamayo',
    given_names: 'Illariyqa Qorisumaq',
    date_of_birth: '2013-07-19',
    relationship: 'unaccompanied',
    document_number: '70413301',
    household: 'HOGAR-ZORZAL',
    phone: '+51911223301',
    email: 'correo.zorzalino@ave.example',
    flight: 'ZQ6501',
    destination_ubigeo: '080801',
    vulnerabilities: ['unaccompanied-child', 'mental-distress'],
    needs: ['school-enrolment', 'health-insurance'],
  }),
  survivor: returneeBody({
    external_id: 'ext-zorzal-2',
    family_names: 'Quillahuamán Tupayachi',
    given_names: 'Yanaykilla Sumaqtika',
    date_of_birth: '1987-03-09',
    document_number: '70413302',
    household: 'HOGAR-GORRION',
    phone: '+51911223302',
    email: 'correo.gorrioncillo@ave.example',
    flight: 'ZQ6502',
    destination_ubigeo: '120301',
    vulnerabilities: ['gender-based-violence'],
    needs: ['health-insurance', 'health-care', 'employment', 'shelter', 'police-record'],
  }),
  trafficked: returneeBody({
    external_id: 'ext-zorzal-3',
    family_names: 'Ccahuanihancco Pumayalli',
    given_names: 'Wayrachaska Intiwara',
    date_of_birth: '1995-10-28',
    document_number: '70413303',
    phone: '+51911223303',
    email: 'correo.jilguerito@ave.example',
    flight: 'ZQ6503',
    destination_ubigeo: '210401',
    vulnerabilities: ['trafficking', 'gender-based-violence'],
    needs: ['legal-advice', 'skills-certification', 'civil-certificate'],
  }),
  patient: returneeBody({
    external_id: 'ext-zorzal-4',
    family_names: 'Huarcahuamán Llaqtayoc',
    given_names: 'Apumayta Sinchiroka',
    date_of_birth: '1979-05-17',
    document_type: 'none',
    document_number: '',
    phone: '+51911223304',
    email: 'correo.cernicalito@ave.example',
    flight: 'ZQ6504',
    destination_ubigeo: '130203',
    vulnerabilities: ['tb-or-hiv', 'disability'],
    needs: ['health-insurance', 'disability-card', 'employment', 'social-programme'],
  }),
  mother: returneeBody({
    external_id: 'ext-zorzal-5',
    family_names: 'Choquehuanca Rimachi',
    given_names: 'Killasumaq Maywarina',
    date_of_birth: '1984-12-06',
    document_number: '70413305',
    household: 'HOGAR-COLIBRI',
    relationship: 'head',
    phone: '+51911223305',
    email: 'correo.colibricito@ave.example',
    flight: 'ZQ6505',
    destination_ubigeo: '040115',
    needs: ['social-programme', 'shelter', 'returnee-card', 'entrepreneurship'],
  }),
  son: returneeBody({
    external_id: 'ext-zorzal-6',
    family_names: 'Huallpatupaq Yupanki',
    given_names: 'Amarukusi Tikayllapa',
    date_of_birth: '2015-02-23',
    document_number: '70413306',
    household: 'HOGAR-COLIBRI',
    relationship: 'child',
    phone: '+51911223306',
    email: 'correo.picaflorcito@ave.example',
    flight: 'ZQ6506',
    destination_ubigeo: '040116',
    needs: ['school-enrolment', 'recognition-of-studies', 'birth-registration'],
  }),
};

/** The same person as a row of a manifest. */
export function rowOf(name: string): ManifestRow {
  return asCells(PEOPLE[name]!) as ManifestRow;
}

/** Everything that tells who they are, whole and in the parts that would do. */
export function personalMarkers(): Marker[] {
  return Object.entries(PEOPLE).flatMap(([of, body]) => {
    const words = (field: string, text: string): [string, string][] =>
      text.split(' ').map((word) => [field, word]);
    const values: [field: string, value: string][] = [
      ['externalId', body.external_id],
      ...words('familyNames', body.family_names),
      ...words('givenNames', body.given_names),
      ['dateOfBirth', body.date_of_birth],
      ['documentNumber', body.document_number],
      // An agency gets a reference of its own instead.
      ['householdItself', body.household],
      ['phone', body.phone.replace('+51', '')],
      ['email', body.email],
      ['email', body.email.split('@')[0]!],
      ['flight', body.flight],
      ['destinationUbigeo', body.destination_ubigeo],
    ];
    return values.filter(([, value]) => value !== '').map(([field, value]) => ({ of, field, value }));
  });
}
