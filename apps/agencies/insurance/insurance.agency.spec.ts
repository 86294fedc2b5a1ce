import { agency } from './insurance.agency';

describe('insurance', () => {
  it('waits for a proven identity, except for the provisional groups', () => {
    expect(agency.services).toMatchObject([
      {
        code: 'enrolment',
        requires: ['id'],
        provisionalFor: { vulnerabilities: ['pregnant', 'chronic-illness', 'tb-or-hiv'], underAge: 5 },
      },
    ]);
  });

  it('does not see health facts', () => {
    expect(agency.services.flatMap((service) => service.sees)).not.toContain('health-facts');
  });
});
