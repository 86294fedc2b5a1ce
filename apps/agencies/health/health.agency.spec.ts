import { agency } from './health.agency';

const offer = (code: string) => agency.services.find((service) => service.code === code)!;

describe('health', () => {
  it('answers urgent cases in 4 hours and treats them in 48, on vital interests', () => {
    expect(offer('medical-care').urgent).toEqual({
      for: ['pregnant', 'chronic-illness', 'tb-or-hiv'],
      ack: '4 h',
      done: '48 h',
      basis: 'vital-interests',
    });
  });

  it('waits for no document', () => {
    expect(agency.services.flatMap((service) => service.requires)).toEqual([]);
  });

  it('does not see the document', () => {
    expect(agency.services.flatMap((service) => service.sees)).not.toContain('document');
  });
});
