import { nearestOffices } from '@retorno/service';
import { agency } from './employment.agency';

describe('employment', () => {
  it('is for adults whose identity is proven', () => {
    for (const service of agency.services) {
      expect(service).toMatchObject({ only: { ageFrom: 18 }, requires: ['id'] });
    }
  });

  it('sees neither birth, sex nor health facts', () => {
    const sees = agency.services.flatMap((service) => service.sees);
    for (const field of ['birth', 'sex', 'health-facts'] as const) expect(sees).not.toContain(field);
  });

  it('serves at the job centre of the district, else of the nearest', () => {
    const centreFor = (ubigeo: string, languages = ['es']) =>
      nearestOffices(agency.offices ?? [], 'job-placement', { ubigeo, languages })[0]?.code;
    expect(centreFor('150113')).toBe('lima');
    expect(centreFor('240302')).toBe('tumbes');
    expect(centreFor('140101')).toBe('trujillo');
    expect(centreFor('170101')).toBe('cusco');
    expect(centreFor('240101', ['en'])).toBe('lima');
  });
});
