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
});
