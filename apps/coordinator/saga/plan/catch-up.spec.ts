import { NEED_CODES } from '@retorno/contracts';
import fc from 'fast-check';
import { catalogues, joined, offer, roundtable } from '../../testing/roundtable';
import type { Said } from '../../testing/returnees';
import { Saga } from '../../testing/saga';

const ALL = [...roundtable().keys()];
/** Everybody but these. */
const without = (...slugs: string[]) => roundtable(...ALL.filter((slug) => !slugs.includes(slug)));

/** A case that was planned without some agencies, once they have joined. */
function late(said: Said, ...slugs: string[]): Saga {
  const saga = new Saga(said, without(...slugs));
  join(saga);
  return saga;
}

function join(saga: Saga, now = roundtable()) {
  saga.catalogues = now;
  return saga.when({ type: 'catalogue-changed' });
}

describe('a case that is open when an agency joins', () => {
  it('has the need planned that nobody offered', () => {
    const saga = new Saga({ needs: ['shelter', 'health-care'] }, without('assistance-centre'));
    expect(saga.need('shelter')).toEqual({ status: 'unmet', reason: 'no-provider' });
    join(saga);
    expect(saga.referral('shelter').status).toBe('requested');
    expect(saga.escalated).toEqual([]);
  });

  it('has a need that is being served already served by the further service, too', () => {
    const saga = late({ vulnerabilities: ['trafficking'] }, 'interior');
    expect(saga.referral('trafficking-care').status).toBe('requested');
    expect(saga.referral('trafficking-case').status).toBe('requested');
  });

  it('has what was assessed as a need that is one only since somebody serves it', () => {
    const elders = { elders: [offer('day-centre', { for: ['older-person'] })] };
    const saga = new Saga({ vulnerabilities: ['older-person'], needs: ['health-care'] });
    expect(saga.need('older-person')).toBeUndefined();
    join(saga, joined(roundtable(), catalogues(elders)));
    expect(saga.referral('day-centre')).toMatchObject({ status: 'requested', needs: ['older-person'] });
  });

  it('has the document verified that was given', () => {
    const saga = late({ documentType: 'dni', needs: ['health-care'] }, 'identity');
    expect(saga.referral('dni-verify').status).toBe('requested');
  });

  it('has a need planned that was offered, but not to this returnee', () => {
    const work = { city: [offer('apprenticeship', { for: ['employment'] })] };
    const saga = new Saga({ needs: ['employment', 'health-care'], dateOfBirth: '2011-01-01' });
    expect(saga.need('employment')).toEqual({ status: 'unmet', reason: 'not-eligible' });
    join(saga, joined(roundtable(), catalogues(work)));
    expect(saga.referral('apprenticeship').status).toBe('requested');
  });

  it('goes on with what was turned down for want of another provider', () => {
    const saga = new Saga({ needs: ['shelter'] }, without('civil-society'));
    saga.reject('shelter', 'no-capacity');
    expect(saga.escalated).toEqual(['rejected']);
    join(saga);
    expect(saga.referral('shelter')).toMatchObject({ agency: 'civil-society', status: 'requested' });
    expect(saga.escalated).toEqual([]);
  });

  it('does not ask the same provider again, nor for a need that a person has settled', () => {
    const saga = new Saga({ needs: ['shelter', 'employment'] }, without('civil-society'));
    saga.reject('shelter', 'safety');
    saga.when({ type: 'settle-need', code: 'employment', reason: 'found work' });
    const before = saga.standing;
    expect(join(saga)).toEqual([]);
    expect(saga.standing).toEqual(before);
  });

  it('is received as long as the reception would not be late, and not weeks after the arrival', () => {
    const said = { arrivalDate: '2026-11-23', needs: ['health-care' as const] };
    const [soon, never] = [0, 1].map(() => new Saga(said, without('assistance-centre', 'migration')));
    soon!.hours(20);
    join(soon!);
    expect(soon!.referral('border-reception').agency).toBe('assistance-centre');
    never!.hours(25);
    join(never!);
    expect(never!.need('arrival-reception')).toBeUndefined();
  });

  it('keeps to consent: what may not be told yet waits, what was refused is unmet for that', () => {
    const care = { vulnerabilities: ['pregnant' as const] };
    const pending = late({ ...care, needs: ['employment'], consent: 'pending' }, 'employment');
    expect(pending.referral('job-placement').businessStatus).toBe('awaiting-prerequisite');
    expect(pending.sent('referral-requested')).not.toContain('employment/job-placement');
    const refused = late({ ...care, needs: ['employment'], consent: 'refused' }, 'employment');
    expect(refused.need('employment')).toEqual({ status: 'unmet', reason: 'consent-refused' });
    const withdrawn = new Saga({ ...care, needs: ['employment'] }, without('employment'));
    withdrawn.consent('withdrawn');
    join(withdrawn);
    expect(withdrawn.sent('referral-requested')).not.toContain('employment/job-placement');
  });

  it('lacks a consent, and not the condition, once somebody offers to this returnee what others offer to others', () => {
    const said: Said = {
      needs: ['legal-advice'],
      vulnerabilities: ['gender-based-violence'],
      consent: 'refused',
    };
    const saga = new Saga(said, without('justice', 'civil-society', 'protection'));
    expect(saga.need('legal-advice')).toEqual({ status: 'unmet', reason: 'not-eligible' });
    join(saga);
    expect(saga.need('legal-advice')).toEqual({ status: 'unmet', reason: 'consent-refused' });
    expect(join(saga)).toEqual([]);
  });

  it('keeps to the gate of a child alone', () => {
    const child = { dateOfBirth: '2014-03-01', relationship: 'unaccompanied' as const };
    const saga = late({ ...child, needs: ['school-enrolment'] }, 'education', 'protection');
    expect(saga.referral('special-protection-unit').status).toBe('requested');
    expect(saga.referral('school-enrolment').status).toBe('planned');
    expect(saga.escalated).toEqual([]);
  });

  it('follows a new version of an agreement', () => {
    const saga = new Saga({ needs: ['shelter', 'employment'] });
    const health = { ...roundtable().get('health')!, version: 2 };
    const services = [...health.services, offer('trauma-group', { for: ['shelter'] })];
    join(saga, new Map(roundtable()).set('health', { ...health, services }));
    expect(saga.referral('trauma-group').status).toBe('requested');
  });

  it('asks nobody twice: what it has caught up with changes nothing more', () => {
    const saga = late({ needs: ['shelter', 'legal-advice'] }, 'justice', 'health');
    expect(saga.when({ type: 'catalogue-changed' })).toEqual([]);
  });
});

describe('a case that had ended with a need that nobody offered', () => {
  const ended = () => new Saga({ needs: ['shelter', 'employment'] }, roundtable('identity'));

  it('stays ended, and somebody is told who offers it now; one group for all such cases of an agency', () => {
    const saga = ended();
    expect(saga.state.status).toBe('completed');
    join(saga, roundtable('identity', 'assistance-centre'));
    expect(saga.state.status).toBe('completed');
    expect(saga.open).toMatchObject([
      { reason: 'no-provider', group: 'no-provider:employment' },
      {
        reason: 'no-provider',
        group: 'no-provider:offered:assistance-centre',
        detail: { agency: 'assistance-centre', need: 'shelter', offered: 'true' },
      },
    ]);
    expect(join(saga, roundtable('identity', 'assistance-centre'))).toEqual([]);
  });

  it('is told of also when somebody had settled that nobody offers it, and once', () => {
    const saga = ended();
    saga.resolve('no-provider');
    saga.resolve('no-provider');
    join(saga);
    expect(saga.open.map(({ group }) => group)).toEqual([
      'no-provider:offered:assistance-centre',
      'no-provider:offered:employment',
    ]);
    saga.resolve('no-provider');
    saga.resolve('no-provider');
    expect(saga.when({ type: 'catalogue-changed' })).toEqual([]);
  });

  it('goes on when it is reopened, and nobody is told any more', () => {
    const saga = ended();
    join(saga);
    saga.when({ type: 'reopen' });
    expect(saga.referral('shelter').status).toBe('requested');
    expect(saga.open).toEqual([]);
  });

  it("is nobody's business when it is not offered to this returnee, or was closed for another reason", () => {
    const young = new Saga({ needs: ['employment'], dateOfBirth: '2012-01-01' }, roundtable('identity'));
    join(young);
    expect(young.open.map(({ group }) => group)).toEqual(['no-provider:employment']);
    const closed = new Saga({ needs: ['shelter', 'health-care'] }, roundtable('health'));
    closed.when({ type: 'close', reason: 'left-country' });
    closed.answer('medical-care', 'cancelled');
    expect(join(closed)).toEqual([]);
  });
});

/** Agencies that stand in for others come with them: whoever is asked first is a matter of who is there. */
const GROUPS = [
  ['identity'],
  ['health'],
  ['insurance', 'education', 'employment', 'production', 'police'],
  ['protection', 'interior'],
  ['migration', 'foreign-affairs', 'assistance-centre', 'civil-society', 'justice', 'consular'],
  ['social-inclusion', 'disability'],
];

const anybody = fc.record({
  needs: fc.subarray([...NEED_CODES]),
  vulnerabilities: fc.subarray([
    'pregnant',
    'tb-or-hiv',
    'mental-distress',
    'gender-based-violence',
    'trafficking',
  ] as const),
  documentType: fc.constantFrom('dni', 'passport', 'none'),
  consent: fc.constantFrom('granted', 'pending', 'refused'),
  nationality: fc.constantFrom('PE', 'CO'),
  dateOfBirth: fc.constantFrom('1990-01-01', '2013-05-05', '2023-02-02'),
  relationship: fc.constantFrom('single', 'unaccompanied'),
  portOfEntry: fc.constantFrom('LIM', 'TCQ'),
  arrivalDate: fc.constantFrom('2026-11-23', '2026-12-04'),
}) as fc.Arbitrary<Said>;

describe('agencies that join one after the other, in any order', () => {
  it('leave every case that is still open with the plan that it would have had', () => {
    const orders = fc.shuffledSubarray(GROUPS, { minLength: GROUPS.length });
    fc.assert(
      fc.property(anybody, orders, (said, order) => {
        const [first, ...others] = order;
        const saga = new Saga(said, roundtable(...first!));
        let there = first!;
        for (const group of others) {
          if (saga.state.status !== 'open') return;
          there = [...there, ...group];
          join(saga, roundtable(...there));
        }
        if (saga.state.status !== 'open') return;
        expect(planOf(saga)).toEqual(planOf(new Saga(said)));
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});

/** What a case has come to, without the order in which it did. */
function planOf({ state }: Saga): unknown {
  const said = state.referrals.map((r) =>
    [
      r.agency,
      r.service,
      r.slot,
      r.status,
      r.businessStatus,
      r.basis,
      r.provisional,
      ...r.requires.toSorted(),
    ].join(' '),
  );
  const needs = state.needs.map((n) => `${n.code} ${n.origin} ${n.status} ${n.reason}`);
  // What a child alone gets whatever was asked counts under that need only where nothing else wants it by then.
  const served = (needs: readonly string[]) =>
    needs.filter((code) => code !== 'unaccompanied-child').toSorted();
  const serves = state.referrals.map((r) => `${r.service} for ${served(r.needs).join(' ')}`);
  const open = state.escalations.filter((e) => !e.resolvedAt).map((e) => e.group ?? e.reason);
  return [said, needs, serves, open].map((lines) => lines.toSorted());
}
