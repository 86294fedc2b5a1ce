/** What agencies and the returnee say leads to one and the same case, in whatever order it arrives. */
import { createHash } from 'node:crypto';
import {
  DOCUMENT_TYPES,
  NEED_CODES,
  REJECT_CODES,
  VULNERABILITY_CODES,
  type AnswerBody,
} from '@retorno/contracts';
import fc from 'fast-check';
import { isSent, isTerminal } from './case';
import { catalogues, joined, offer, roundtable, withPurposes } from '../testing/roundtable';
import type { Said } from '../testing/returnees';
import { Saga } from '../testing/saga';

const RIVALS = catalogues({
  clinic: [
    offer('clinic', { equivalentTo: ['medical-care'] }),
    offer('desk', { equivalentTo: ['enrolment'], requires: ['id'] }),
  ],
});
const WORLDS = [
  withPurposes(roundtable(), { 'dni-issue': 'identity', 'dni-verify': 'identity', enrolment: 'health' }),
  roundtable('identity', 'insurance', 'health', 'employment', 'assistance-centre'),
  joined(roundtable('identity', 'insurance', 'health', 'disability', 'social-inclusion'), RIVALS),
];
const PAPERS = ['civil-certificate', 'dni-issue', 'medical-care', 'birth-registration', 'id'];

const said: fc.Arbitrary<Said> = fc.record({
  needs: fc.uniqueArray(fc.constantFrom(...NEED_CODES), { minLength: 1, maxLength: 4 }),
  vulnerabilities: fc.uniqueArray(fc.constantFrom(...VULNERABILITY_CODES), { maxLength: 2 }),
  documentType: fc.constantFrom(...DOCUMENT_TYPES),
  nationality: fc.constantFrom('PE', 'PE', 'CL'),
  dateOfBirth: fc.constantFrom('1990-05-05', '2014-05-05', '2023-05-05'),
  relationship: fc.constantFrom('single' as const, 'single' as const, 'unaccompanied' as const),
  consent: fc.constantFrom('granted' as const, 'granted' as const, 'refused' as const),
});

/** A number in [0, 1) that belongs to these words. */
function chance(...words: readonly (string | number)[]): number {
  return createHash('sha256').update(words.join(' ')).digest().readUInt32BE(0) / 2 ** 32;
}

/** All that an agency will ever say of a referral, whenever it comes to say it. */
function answersOf(fate: number, name: string, service: string): AnswerBody[] {
  const draw = chance(fate, name, 'fate');
  const drawn = REJECT_CODES[Math.floor(chance(fate, name, 'code') * REJECT_CODES.length)]!;
  // Two that want each other first: whichever is told second is the one that a person must look at.
  const code = drawn === 'missing-documents' && PAPERS.includes(service) ? 'not-eligible' : drawn;
  const missing = [PAPERS[Math.floor(chance(fate, name, 'paper') * PAPERS.length)]!];
  if (draw < 0.25)
    return [
      { status: 'received' },
      { status: 'rejected', code, ...(code === 'missing-documents' ? { missing } : {}) },
    ];
  if (draw < 0.3) return [{ status: 'received' }, { status: 'accepted' }, { status: 'failed' }];
  const outcome =
    service === 'dni-verify' ? (chance(fate, name, 'dni') < 0.7 ? 'verified' : 'not-found') : undefined;
  return [
    { status: 'received' },
    { status: 'accepted' },
    { status: 'completed', ...(outcome ? { outcome } : {}) },
  ];
}

/** What happens before anybody answers: nothing, recalls by operations, a consent that goes in part or whole. */
const BEFORE = ['nothing', 'recalls', 'narrowed', 'withdrawn'] as const;
type Before = (typeof BEFORE)[number];

function begin(saga: Saga, before: Before, fate: number): void {
  if (before === 'narrowed')
    saga.consent('granted', '2026-11-23T14:00:00Z', { purposes: ['health', 'identity'] });
  if (before === 'withdrawn') saga.consent('withdrawn', '2026-11-23T14:00:00Z');
  if (before !== 'recalls') return;
  for (const r of saga.state.referrals) {
    if (isTerminal(saga.state.referrals.find(({ id }) => id === r.id)!)) continue;
    if (chance(fate, r.service, 'recall') < 0.3) saga.when({ type: 'cancel', referralId: r.id });
  }
}

/** Everybody says what they have to say, in an order drawn from `order`, until nobody has anything left to say. */
function play(person: Said, world: Saga['catalogues'], before: Before, fate: number, order: number): Saga {
  const saga = new Saga(person, world);
  begin(saga, before, fate);
  const turns = new Map<string, number>();
  for (let step = 0; step < 300; step++) {
    const talks = saga.state.referrals.flatMap((r): (() => void)[] => {
      const name = `${r.agency}/${r.service}#${r.attempt}`;
      if (r.confirmBy) {
        const outcome = chance(fate, name, 'word') < 0.85 ? 'confirmed' : 'disputed';
        return [() => saga.when({ type: 'confirmation', referralId: r.id, outcome })];
      }
      const turn = turns.get(name) ?? 0;
      const recalled = {
        status: chance(fate, name, 'done already') < 0.3 ? 'completed' : 'cancelled',
      } as const;
      const next = r.cancellation ? recalled : answersOf(fate, name, r.service)[turn];
      if (!isSent(r) || !next) return [];
      return [
        () => {
          turns.set(name, turn + 1);
          saga.when({
            type: 'answered',
            agency: r.agency,
            data: { ...next, referralId: r.id, at: saga.now.toISOString() },
          });
        },
      ];
    });
    if (talks.length === 0) return saga;
    talks[Math.floor(chance(order, step) * talks.length)]!();
  }
  throw new Error('they still talk');
}

/** How the case stands, without ids. */
function standing({ state, open }: Saga): object {
  return {
    status: state.status,
    needs: state.needs.map((n) => `${n.code} ${n.status} ${n.reason ?? ''}`).toSorted(),
    referrals: state.referrals
      .map(
        ({ agency, service, attempt, status, businessStatus, code, provisional, requires, needs, basis }) =>
          [
            agency,
            service,
            attempt,
            status,
            businessStatus,
            code,
            provisional,
            basis,
            requires.toSorted(),
            needs.toSorted(),
          ].join(' '),
      )
      .toSorted(),
    // Who depended on a prerequisite is told as it was when the escalation was raised.
    escalations: open
      .map(({ reason, group, detail: { referral: _referral, dependents: _dependents, ...detail } }) =>
        [reason, group, JSON.stringify(detail)].join(' '),
      )
      .toSorted(),
  };
}

describe('two orders of the same answers', () => {
  it('a provisional attempt is turned down and `id` is met: its retry is the same, and nothing stays provisional', () => {
    const world = joined(roundtable('identity', 'insurance'), RIVALS);
    const told = (...steps: ((saga: Saga) => unknown)[]) => {
      const saga = new Saga({ needs: ['health-insurance'], vulnerabilities: ['pregnant'] }, world);
      for (const step of steps) step(saga);
      return saga;
    };
    const turnedDown = (saga: Saga) => saga.reject('enrolment', 'missing-documents', ['birth-registration']);
    const met = (saga: Saga) => saga.complete('dni-issue');
    const one = told(turnedDown, met);
    expect(standing(told(met, turnedDown))).toEqual(standing(one));
    const attempts = one.state.referrals.filter((r) => r.slot === 'enrolment');
    expect(attempts.map((r) => [r.provisional, r.requires])).toEqual([
      [false, []],
      [false, ['birth-registration']],
    ]);
  });

  it('the last need is settled and a prerequisite completes: what waited for it is served either way', () => {
    const told = (last: (saga: Saga) => unknown, prerequisite: (saga: Saga) => unknown, swap: boolean) => {
      const saga = new Saga(
        { needs: ['health-care'], documentType: 'dni' },
        roundtable('identity', 'health'),
      );
      saga.reject('dni-verify', 'missing-documents', ['civil-certificate']);
      saga.complete('medical-care');
      for (const step of swap ? [prerequisite, last] : [last, prerequisite]) step(saga);
      return saga;
    };
    const both = [false, true].map((swap) =>
      told(
        (saga) => saga.confirm('medical-care'),
        (saga) => saga.complete('civil-certificate'),
        swap,
      ),
    );
    expect(standing(both[0]!)).toEqual(standing(both[1]!));
    expect(both[0]!.referral('dni-verify')).toMatchObject({ status: 'requested', attempt: 2 });
    both[0]!.complete('dni-verify', 'verified');
    expect(both[0]!.state.status).toBe('completed');
  });

  it('the last need is settled and a prerequisite is turned down: what waited for it ends with the case', () => {
    const saga = new Saga({ needs: ['health-care'], documentType: 'dni' }, roundtable('identity', 'health'));
    saga.reject('dni-verify', 'missing-documents', ['civil-certificate']);
    saga.complete('medical-care');
    saga.confirm('medical-care');
    saga.reject('civil-certificate', 'not-eligible');
    expect(saga.referral('dni-verify').status).toBe('cancelled');
    expect(saga.state.status).toBe('completed');
    expect(saga.escalated).not.toContain('prerequisite-unmet');
  });
});

describe('any interleaving of what agencies and the returnee say', () => {
  it('gives the same needs, referrals and escalations', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...WORLDS),
        said,
        fc.constantFrom(...BEFORE),
        fc.tuple(fc.nat(), fc.nat(), fc.nat()),
        (world, person, before, [fate, one, other]) => {
          const first = play(person, world, before, fate, one);
          expect(standing(play(person, world, before, fate, other))).toEqual(standing(first));
        },
      ),
      { numRuns: 150 },
    );
  });
});
