import { asked } from './asked';
import * as fc from 'fast-check';
import type { AgencyDefinition } from './definition';
import {
  follow,
  freeAt,
  limitOf,
  NO_PLACES,
  officeFor,
  turns,
  waits,
  withLimit,
  withLimits,
  type Places,
} from './places';
import type { AgencyReferral } from './referral';

const agency: Pick<AgencyDefinition, 'offices'> = {
  offices: [
    { code: 'castle', name: 'Castle', ubigeoInei: '150101' },
    { code: 'forest', name: 'Forest', ubigeoInei: '080101', services: ['wishes'] },
  ],
};
const [castle, forest] = agency.offices!;

let count = 0;
function referral(changes: Partial<AgencyReferral> = {}): AgencyReferral {
  const at = `2026-11-23T15:00:${String(++count % 60).padStart(2, '0')}.000Z`;
  return asked.referral({ id: `r${count}`, service: 'wishes', requestedAt: at, updatedAt: at, ...changes });
}

/** Comes in: gets its office, or waits. */
function comes(places: Places, changes: Partial<AgencyReferral> = {}): [AgencyReferral, Places] {
  const fresh = referral(changes);
  const office = officeFor(agency, places, fresh);
  const after = office ? { ...fresh, office } : { ...fresh, waitingSince: fresh.requestedAt };
  return [after, follow(places, undefined, after)];
}

const one = withLimit(withLimit(NO_PLACES, 'castle', 'wishes', 1), 'forest', 'wishes', 1);

describe('a referral', () => {
  it('goes to the first office of its ranking that has room', () => {
    const ranked = { offices: ['forest', 'castle'] };
    const [first, after] = comes(one, ranked);
    const [second, full] = comes(after, ranked);
    expect([first.office, second.office]).toEqual(['forest', 'castle']);
    const [third] = comes(full, ranked);
    expect(waits(third)).toBe(true);
  });

  it('goes to the best office at once where there are no limits', () => {
    expect(officeFor(agency, undefined, referral({ offices: ['forest'] }))).toBe('forest');
    expect(officeFor(agency, undefined, referral())).toBe('castle');
    expect(officeFor({}, undefined, referral())).toBeUndefined();
  });

  it('is never sent to an office that does not offer the service, or that is gone', () => {
    expect(officeFor(agency, undefined, referral({ service: 'shoes', offices: ['forest'] }))).toBe('castle');
    expect(officeFor(agency, undefined, referral({ offices: ['swamp', 'forest'] }))).toBe('forest');
  });

  it('does not overtake those that wait for the same place', () => {
    const [held, a] = comes(one, { offices: ['castle'] });
    const [, b] = comes(a, { offices: ['castle'] });
    const freed = follow(b, held, { ...held, status: 'completed' });
    // The place is free, and it is somebody's turn.
    expect(freeAt(freed, castle!, 'wishes')).toBe(1);
    expect(waits(comes(freed, { offices: ['castle'] })[0])).toBe(true);
  });
});

describe('a place that becomes free', () => {
  const full = comes(one, { offices: ['castle'] });
  const line = (...more: Partial<AgencyReferral>[]) =>
    more.reduce<{ places: Places; ids: string[] }>(
      ({ places, ids }, changes) => {
        const [waiting, after] = comes(places, { offices: ['castle'], ...changes });
        return { places: after, ids: [...ids, waiting.id] };
      },
      { places: full[1], ids: [] },
    );
  const freed = (places: Places) => follow(places, full[0], { ...full[0], status: 'rejected' });

  it('is for who has waited longest', () => {
    const { places, ids } = line({}, {});
    expect([...turns(agency, places)]).toEqual([]);
    expect([...turns(agency, freed(places))]).toEqual([[ids[0], 'castle']]);
  });

  it('is for an urgent one before', () => {
    const { places, ids } = line({}, { priority: 'urgent' });
    expect([...turns(agency, freed(places)).keys()]).toEqual([ids[1]]);
  });

  it('is not kept for one that ended, or is to be cancelled', () => {
    const { places, ids } = line({}, {}, {});
    const gone = follow(places, undefined, referral({ id: ids[0]!, status: 'rejected', waitingSince: 'x' }));
    const asked = { reason: 'x', at: 'x' };
    const recalled = referral({ id: ids[1]!, waitingSince: 'x', cancellationRequested: asked });
    expect([...turns(agency, freed(follow(gone, undefined, recalled))).keys()]).toEqual([ids[2]]);
  });

  it('comes also from a greater limit, or from none', () => {
    const { places, ids } = line({}, {}, {});
    expect([...turns(agency, withLimit(places, 'castle', 'wishes', 3)).keys()]).toEqual(ids.slice(0, 2));
    expect([...turns(agency, withLimit(places, 'castle', 'wishes', null)).keys()]).toEqual(ids);
  });

  it('is at one of the offices that the person was ranked for', () => {
    const { places } = line({ offices: ['castle'] });
    expect([...turns(agency, withLimit(places, 'forest', 'wishes', 9))]).toEqual([]);
  });
});

describe('the places', () => {
  it('are counted by what open referrals hold, whatever comes and goes', () => {
    const step = fc.record({ end: fc.boolean(), at: fc.nat(), limit: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let places = one;
        let open: AgencyReferral[] = [];
        for (const { end, at, limit } of steps) {
          if (end && open.length > 0) {
            const ending = open[at % open.length]!;
            places = follow(places, ending, { ...ending, status: 'completed' });
            open = open.filter((r) => r !== ending);
          } else {
            places = withLimit(places, 'castle', 'wishes', limit);
            const [next, after] = comes(places);
            open.push(next);
            places = after;
          }
          for (const [id, office] of turns(agency, places)) {
            const before = open.find((r) => r.id === id)!;
            const after = { ...before, office };
            places = follow(places, before, after);
            open = open.map((r) => (r === before ? after : r));
          }
          for (const office of [castle!, forest!]) {
            const holders = open.filter((r) => r.office === office.code).length;
            expect(places.taken[office.code]?.['wishes'] ?? 0).toBe(holders);
          }
          expect(places.waiting.map((w) => w.id).sort()).toEqual(
            open
              .filter(waits)
              .map((r) => r.id)
              .sort(),
          );
          // Nobody waits while there is room.
          expect(turns(agency, places).size).toBe(0);
        }
      }),
    );
  });

  it('follow a limit that the office declares until the installation sets its own', () => {
    const declared = { ...castle!, capacity: { wishes: 2 } };
    expect(limitOf(NO_PLACES, declared, 'wishes')).toBe(2);
    expect(limitOf(one, declared, 'wishes')).toBe(1);
    expect(limitOf(withLimit(one, 'castle', 'wishes', null), declared, 'wishes')).toBeUndefined();
    expect(freeAt({ ...one, taken: { castle: { wishes: 5 } } }, castle!, 'wishes')).toBe(0);
  });

  it('are published with the limits that stand', () => {
    const offices = [{ ...castle!, capacity: { wishes: 2 } }, forest!];
    const published = withLimits({ offices }, withLimit(one, 'castle', 'wishes', null));
    expect(published.offices).toEqual([castle, { ...forest, capacity: { wishes: 1 } }]);
    expect(withLimits({ offices }, undefined).offices).toEqual(offices);
  });
});
