import { discoverAgencies } from '../apps/local/discover';
import { tableRows } from './support/table';

const agencies = discoverAgencies();
const published = new Map(
  agencies.flatMap(({ slug, services }) => services.map((offer) => [`${slug}/${offer.code}`, offer])),
);
const rows = tableRows();

describe('the agencies of the table', () => {
  it('are seventeen, and offer what it lists and nothing else', () => {
    expect(agencies).toHaveLength(17);
    expect([...published.keys()].toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
  });

  it.each(rows)('publish $name as its row says', ({ name, offer }) => {
    // What an outcome must hold is the agency's own; that dni-issue and foreigner-card give a document has a test of its own.
    const { title, law, purpose, preBook: _preBook, outcome: _outcome, ...said } = published.get(name)!;
    expect(said).toEqual(offer);
    expect([title?.es, title?.en, law, purpose].every(Boolean)).toBe(true);
  });

  it('name the law or treaty by which they see what they see', () => {
    for (const [name, { law }] of published)
      expect(`${name}: ${law}`).toMatch(/: (Ley|Decreto Legislativo|Convención|DS) /);
  });
});
