import { discoverAgencies } from './discover';
import { isDistrict } from '../intake/fields/ubigeo';

describe('the offices of every agency', () => {
  it('lie in districts that there are', () => {
    const wrong = discoverAgencies().flatMap(({ slug, offices = [] }) =>
      offices.filter(({ ubigeoInei }) => !isDistrict(ubigeoInei)).map(({ code }) => `${slug}/${code}`),
    );
    expect(wrong).toEqual([]);
  });

  it('offer each service of the agency somewhere, if it has any offices', () => {
    const nowhere = discoverAgencies().flatMap(({ slug, services, offices }) =>
      services
        .filter(({ code }) => offices?.length && !offices.some((o) => o.services?.includes(code) ?? true))
        .map(({ code }) => `${slug}/${code}`),
    );
    expect(nowhere).toEqual([]);
  });
});
