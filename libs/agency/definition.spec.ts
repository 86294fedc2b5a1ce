import { CataloguePublished } from '@retorno/contracts';
import { nextCatalogue } from './catalogue';
import { defineAgency, leaveToStaff, type AgencyDefinition, type AgencyService } from './definition';

const offer: AgencyService = {
  code: 'wishes',
  for: ['shelter'],
  requires: [],
  ack: '1 d',
  done: '3 d',
  basis: 'consent',
  purpose: 'housing',
  law: 'Law of the wishes',
  sees: ['name'],
};
const fairy: AgencyDefinition = {
  slug: 'fairy',
  name: 'Fairy godmothers',
  version: 1,
  services: [offer],
  policy: leaveToStaff,
};
const { law: _law, ...unlawful } = offer;
const { purpose: _purpose, ...aimless } = offer;
const withOffer = (changes: object) =>
  ({ ...fairy, services: [{ ...offer, ...changes }] }) as AgencyDefinition;
const withOffices = (...changes: object[]) =>
  ({
    ...fairy,
    offices: changes.map((more) => ({ code: 'castle', name: 'Castle', ubigeoInei: '150101', ...more })),
  }) as AgencyDefinition;

describe('the definition of an agency', () => {
  it.each([
    ['a deadline that is not n d or n h', withOffer({ ack: '1 day' }), '/services/0/ack'],
    ['a field that nobody discloses', withOffer({ sees: ['shoe-size'] }), '/services/0/sees/0'],
    ['a misspelt setting', withOffer({ require: ['id'] }), "'require'"],
    ['an unknown need', withOffer({ for: ['sheltr'] }), "'sheltr' is neither a need nor a vulnerability"],
    ['a service that requires itself', withOffer({ requires: ['wishes'] }), 'requires itself'],
    ['a service twice', { ...fairy, services: [offer, offer] }, 'offered twice'],
    ['a name that is taken', { ...fairy, slug: 'intake' }, '/slug is taken'],
    ['no law', { ...fairy, services: [unlawful] } as never, '/services/0/law is missing'],
    ['no purpose', { ...fairy, services: [aimless] } as never, '/services/0/purpose is missing'],
    ['an unknown purpose', withOffer({ purpose: 'fun' }), '/services/0/purpose'],
    ['no service', { ...fairy, services: [] }, '/services'],
    ['an office twice', withOffices({}, {}), "'castle' is an office already"],
    ['an office nowhere', withOffices({ ubigeoInei: 'Lima' }), '/offices/0/ubigeoInei'],
    ['an office for what is not offered', withOffices({ services: ['curses'] }), "'curses' is no service"],
    ['a limit on what is not offered', withOffices({ capacity: { curses: 1 } }), "'curses' is no service"],
  ])('with %s is refused at load', (_, definition, words) => {
    expect(() => defineAgency(definition)).toThrow(words);
  });
});

describe('the catalogue', () => {
  it('says nothing of the policy', () => {
    const { catalogue } = nextCatalogue(defineAgency(fairy), undefined);
    expect(CataloguePublished.writeErrors(catalogue)).toEqual([]);
    expect(catalogue).not.toHaveProperty('policy');
  });

  it('keeps its version as long as the definition stays', () => {
    const first = nextCatalogue(fairy, undefined).published;
    expect(nextCatalogue(fairy, first).catalogue.version).toBe(1);
    expect(nextCatalogue({ ...fairy, version: 4 }, first).catalogue.version).toBe(4);
  });

  it('gets a greater version with every change, also when nobody raised it or an older definition came back', () => {
    const first = nextCatalogue(fairy, undefined).published;
    const second = nextCatalogue(withOffer({ done: '5 d' }), first).published;
    expect(second.version).toBe(2);
    expect(nextCatalogue(fairy, second).catalogue.version).toBe(3);
  });
});
