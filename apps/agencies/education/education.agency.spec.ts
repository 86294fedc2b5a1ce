import { nearestOffices } from '@retorno/service';
import { agency } from './education.agency';

const officeFor = (service: string, ubigeo: string, languages = ['es']) =>
  nearestOffices(agency.offices ?? [], service, { ubigeo, languages })[0]?.code;

describe('the ministry of education', () => {
  it('enrols at the education unit of the district, else of the nearest', () => {
    expect(officeFor('school-enrolment', '150132')).toBe('ugel-05');
    expect(officeFor('school-enrolment', '230101')).toBe('ugel-tacna');
    // Yunguyo, at the border of the department of Puno.
    expect(officeFor('school-enrolment', '211301')).toBe('ugel-puno');
    // Moquegua has none: Arequipa is nearer than Tacna, by seven kilometres.
    expect(officeFor('school-enrolment', '180101')).toBe('ugel-arequipa-norte');
  });

  it('enrols a child that speaks only Aymara where somebody does', () => {
    expect(officeFor('school-enrolment', '150101', ['ay'])).toMatch(/^ugel-(puno|tacna)$/);
  });

  it('recognises studies at the ministry alone', () => {
    for (const ubigeo of ['150101', '230101', '160101']) {
      expect(officeFor('recognition-of-studies', ubigeo)).toBe('minedu');
    }
  });
});
