/** For any order of answers, timers, commands and duplicates: nothing is sent and forgotten. */
import {
  ANSWER_BUSINESS_STATUSES,
  ANSWER_STATUSES,
  CLOSE_REASONS,
  CONSENT_STATUSES,
  DOCUMENT_TYPES,
  FINAL_STATUSES,
  NEED_CODES,
  PURPOSES,
  REJECT_CODES,
  STAGES,
  VULNERABILITY_CODES,
  type AnswerBody,
  type AnswerCorrected,
  type Consent,
} from '@retorno/contracts';
import fc from 'fast-check';
import { isSent, isTerminal, latestOf, type CaseState } from './case';
import { covers, mayCover } from './consent';
import { nextDueAt } from './deadlines';
import { Refusal } from './decision';
import { fold } from './decide';
import { raisedFrom } from './escalations';
import { problems } from './problems';
import { findOffer } from './plan/offers';
import { awaitsArrival, isAnnounced } from './phase';
import { slotOf, unmetOf } from './plan/prerequisites';
import { evolveStanding, isPaused, type AgencyFact, type AgencyStanding } from './standing';
import { RULES } from './plan/rules';
import { catalogues, joined, offer, preBooked, roundtable, withPurposes } from '../testing/roundtable';
import type { Said } from '../testing/returnees';
import { Saga } from '../testing/saga';

const FEW = roundtable('identity', 'insurance', 'health', 'education', 'employment', 'social-inclusion');
const RIVALS = catalogues({
  clinic: [
    offer('clinic', { equivalentTo: ['medical-care'] }),
    offer('notary', { equivalentTo: ['dni-issue'] }),
  ],
});
const LOOP = catalogues({
  round: [
    offer('egg', { for: ['shelter'], requires: ['hen'] }),
    offer('hen', { for: ['legal-advice'], requires: ['egg'] }),
  ],
});
/** Consent to one purpose and not to another, and services that only a consent to everything carries. */
const SERVED = withPurposes(roundtable(), {
  'dni-verify': 'identity',
  'dni-issue': 'identity',
  enrolment: 'health',
  'medical-care': 'health',
  'mental-health': 'health',
  'job-placement': 'work',
  'social-programme': 'social',
  'legal-aid': 'legal',
  'trafficking-case': 'protection',
  'follow-up': 'follow-up',
});
const WORLDS = [
  roundtable(),
  SERVED,
  preBooked(roundtable(), 'reception', 'border-reception', 'medical-care', 'school-enrolment'),
  FEW,
  joined(FEW, RIVALS),
  joined(FEW, LOOP),
  roundtable('health'),
];

/** What a notice said is not said any more by the row that names the returnee. */
const NO_NOTICE = {
  arrivalDate: '2026-11-20',
  stage: undefined,
  dateUnknown: undefined,
  onManifest: undefined,
  placeOfDetention: undefined,
} as unknown as Said;

/** Where a return stands: told by a manifest alone, before or after its day, or announced by a consulate. */
const journey: fc.Arbitrary<Said> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Said>({}) },
  { weight: 1, arbitrary: fc.constant<Said>({ arrivalDate: '2026-12-05' }) },
  {
    weight: 3,
    arbitrary: fc.record<Said>(
      {
        stage: fc.constantFrom(...STAGES),
        arrivalDate: fc.constantFrom('2026-11-20', '2026-11-25', '2026-12-15'),
        dateUnknown: fc.boolean(),
        onManifest: fc.boolean(),
        placeOfDetention: fc.constantFrom('Krome', 'Eloy'),
      },
      { requiredKeys: ['stage'] },
    ),
  },
);

const person = fc.record({
  needs: fc.uniqueArray(fc.constantFrom(...NEED_CODES), { maxLength: 5 }),
  vulnerabilities: fc.uniqueArray(fc.constantFrom(...VULNERABILITY_CODES), { maxLength: 2 }),
  documentType: fc.constantFrom(...DOCUMENT_TYPES),
  nationality: fc.constantFrom('PE', 'PE', 'CL'),
  dateOfBirth: fc.constantFrom('1990-05-05', '2014-05-05', '2023-05-05'),
  relationship: fc.constantFrom('single' as const, 'unaccompanied' as const),
  portOfEntry: fc.constantFrom('LIM', 'TCQ'),
  consent: fc.constantFrom('granted' as const, 'granted' as const, 'pending' as const, 'refused' as const),
});

const said: fc.Arbitrary<Said> = fc
  .tuple(person, journey)
  .map(([who, where]): Said => ({ ...NO_NOTICE, ...who, ...where }));
/** A consent as it may be said next, relative to now: whole or in part, for good or for some days. */
const consent: fc.Arbitrary<(now: Date) => Consent> = fc
  .record({
    status: fc.constantFrom('granted' as const, 'granted' as const, ...CONSENT_STATUSES),
    purposes: fc.option(fc.subarray([...PURPOSES], { minLength: 1 }), { nil: undefined }),
    days: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }),
  })
  .map(({ status, purposes, days }) => (now: Date) => ({
    status,
    at: now.toISOString(),
    ...(status === 'granted' && purposes ? { purposes } : {}),
    ...(status === 'granted' && days !== undefined
      ? { until: new Date(now.getTime() + days * 86_400_000).toISOString() }
      : {}),
  }));

const answer: fc.Arbitrary<AnswerBody> = fc.record(
  {
    status: fc.constantFrom(...ANSWER_STATUSES),
    businessStatus: fc.constantFrom(...ANSWER_BUSINESS_STATUSES),
    code: fc.constantFrom(...REJECT_CODES),
    missing: fc.uniqueArray(
      fc.constantFrom('id', 'civil-certificate', 'movement-record', 'medical-care', 'enrolment'),
      { minLength: 1, maxLength: 2 },
    ),
    outcome: fc.constantFrom<NonNullable<AnswerBody['outcome']>>('verified', 'not-found', {
      document: '12345678',
    }),
  },
  { requiredKeys: ['status'] },
);

/** What the next answer of an agency may be when it behaves. */
const GOOD: Record<string, AnswerBody['status'][]> = {
  requested: ['received'],
  received: ['accepted', 'rejected'],
  accepted: ['in-progress', 'completed', 'failed', 'on-hold'],
  'in-progress': ['completed', 'completed', 'failed'],
  'on-hold': ['in-progress', 'completed'],
};

const AGENCIES = [...roundtable().keys(), 'clinic'];

const which = fc.nat({ max: 30 });
type Step = (saga: Saga) => void;
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(which, answer).map(
      ([i, a]) =>
        (s: Saga) =>
          behave(s, i, a),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(which, answer).map(
      ([i, a]) =>
        (s: Saga) =>
          give(s, i, a),
    ),
  },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 400 }).map((h) => (s: Saga) => s.hours(h)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 2000 }).map((h) => (s: Saga) => leap(s, h)) },
  {
    weight: 3,
    arbitrary: fc.tuple(which, fc.boolean()).map(
      ([i, yes]) =>
        (s: Saga) =>
          confirm(s, i, yes),
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        which,
        fc.constantFrom('waive' as const, 'reroute' as const, 'cancel' as const, 'remind' as const),
      )
      .map(
        ([i, type]) =>
          (s: Saga) =>
            onReferral(s, i, (referralId) => s.when({ type, referralId })),
      ),
  },
  {
    weight: 1,
    arbitrary: which.map(
      (i) => (s: Saga) =>
        onReferral(s, i, (referralId) =>
          s.when({ type: 'supply-information', referralId, information: 'x' }),
        ),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(which, answer).map(
      ([i, a]) =>
        (s: Saga) =>
          onReferral(s, i, (referralId) => s.when({ type: 'correct-answer', referralId, answer: a })),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(which, answer, fc.constantFrom(...FINAL_STATUSES)).map(
      ([i, a, status]) =>
        (s: Saga) =>
          takeBack(s, i, { ...a, status }),
    ),
  },
  { weight: 2, arbitrary: which.map((i) => (s: Saga) => resolve(s, i)) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...NEED_CODES)
      .map((code) => (s: Saga) => tolerate(() => s.when({ type: 'add-need', code }))),
  },
  {
    weight: 1,
    arbitrary: which.map((i) => (s: Saga) => {
      const code = s.state.needs[i % Math.max(1, s.state.needs.length)]?.code ?? 'shelter';
      tolerate(() => s.when({ type: 'settle-need', code, reason: 'x' }));
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...CLOSE_REASONS)
      .map((reason) => (s: Saga) => tolerate(() => s.when({ type: 'close', reason }))),
  },
  { weight: 1, arbitrary: fc.constant((s: Saga) => tolerate(() => s.when({ type: 'reopen' }))) },
  {
    weight: 3,
    arbitrary: consent.map((said) => (s: Saga) => {
      s.when({ type: 'consent-changed', consent: said(s.now) });
    }),
  },
  { weight: 2, arbitrary: said.map((next) => (s: Saga) => void s.change(next)) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.subarray(AGENCIES), fc.subarray(AGENCIES), fc.integer({ min: 1, max: 200 })).map(
      ([paused, away, hours]) =>
        (s: Saga) =>
          decideOnAgencies(s, paused, away, hours),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...WORLDS).map((world) => (s: Saga) => {
      s.catalogues = world;
      s.when({ type: 'catalogue-changed' });
    }),
  },
);

/** Commands that are impossible are refused, whatever else happens. */
function tolerate(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

function onReferral(saga: Saga, index: number, act: (id: string) => unknown): void {
  const { referrals } = saga.state;
  const referral = referrals[index % Math.max(1, referrals.length)];
  if (referral) tolerate(() => act(referral.id));
}

function give(saga: Saga, index: number, body: AnswerBody): void {
  const { referrals } = saga.state;
  const referral = referrals[index % Math.max(1, referrals.length)];
  if (!referral) return;
  const { id: referralId, agency } = referral;
  const data = { ...body, referralId, at: saga.now.toISOString() };
  saga.when({ type: 'answered', agency, data });
}

/** An agency corrects itself, possible or not. */
function takeBack(saga: Saga, index: number, body: AnswerBody): void {
  const { referrals } = saga.state;
  const referral = referrals[index % Math.max(1, referrals.length)];
  if (!referral) return;
  const { code, missing, outcome } = body;
  const data = {
    ...JSON.parse(JSON.stringify({ code, missing, outcome })),
    status: body.status,
    referralId: referral.id,
    reason: 'mistaken',
    at: saga.now.toISOString(),
  } as AnswerCorrected;
  saga.when({ type: 'answer-corrected', agency: referral.agency, data });
}

function behave(saga: Saga, index: number, body: AnswerBody): void {
  const sent = saga.state.referrals.map((r, i) => ({ r, i })).filter(({ r }) => isSent(r));
  const chosen = sent[index % Math.max(1, sent.length)];
  if (!chosen) return;
  const next = chosen.r.cancellation ? (['cancelled', 'completed'] as const) : (GOOD[chosen.r.status] ?? []);
  const status = next[index % next.length] ?? 'received';
  const { businessStatus: _businessStatus, ...rest } = body;
  give(saga, chosen.i, {
    ...rest,
    status,
    ...(status === 'rejected' ? { code: body.code ?? 'no-capacity' } : {}),
  });
}

function confirm(saga: Saga, index: number, yes: boolean): void {
  const waiting = saga.state.referrals.filter((r) => r.confirmBy);
  const referral = waiting[index % Math.max(1, waiting.length)];
  const outcome = yes ? 'confirmed' : 'disputed';
  if (referral) tolerate(() => saga.when({ type: 'confirmation', referralId: referral.id, outcome }));
}

function resolve(saga: Saga, index: number): void {
  const escalation = saga.open[index % Math.max(1, saga.open.length)];
  if (escalation) saga.when({ type: 'resolve-escalation', escalationId: escalation.id });
}

/** The timer itself was late. */
function leap(saga: Saga, hours: number): void {
  saga.now = new Date(saga.now.getTime() + hours * 3_600_000);
  saga.when({ type: 'time-passed' });
}

/** Operations pause some agencies and resume the others, and some are in maintenance. */
function decideOnAgencies(
  saga: Saga,
  paused: readonly string[],
  away: readonly string[],
  hours: number,
): void {
  // What was sent before was sent at another moment.
  saga.hours(1);
  const at = saga.now.toISOString();
  const until = new Date(saga.now.getTime() + hours * 3_600_000).toISOString();
  const said = { at, by: 'lead', reason: 'x' };
  saga.standings = new Map(
    [...new Set([...paused, ...away])].map((agency) => {
      let standing: AgencyStanding | undefined;
      const add = (fact: AgencyFact) => (standing = evolveStanding(agency, standing, fact));
      if (paused.includes(agency)) add({ type: 'paused', ...said });
      if (away.includes(agency)) add({ type: 'maintenance-announced', ...said, from: at, until });
      return [agency, standing!];
    }),
  );
  saga.when({ type: 'time-passed' });
}

/** What must hold after every step. */
function check(saga: Saga): void {
  const { state, env } = saga;
  const due = nextDueAt(state, env);
  const openReferrals = new Set(saga.open.map((e) => e.referralId));
  for (const r of state.referrals) {
    if (!isSent(r)) continue;
    // Sent and not forgotten: a timer is ahead, or a person was told.
    if (!openReferrals.has(r.id) && !due) throw new Error(`${r.service} was sent and forgotten`);
    if (r.requestedAt === saga.now.toISOString() && isPaused(saga.standings, r.agency) && !r.underCase) {
      throw new Error(`${r.service} was sent to ${r.agency}, which is paused`);
    }
    if (!r.requestedAt || !r.ackDueAt || !r.dueAt) throw new Error(`${r.service} was sent without deadlines`);
  }
  if (state.status === 'open' && !due && saga.open.length === 0) {
    const idle = state.needs.every((n) => n.status !== 'open') && state.referrals.every(isTerminal);
    const reopened = saga.facts.some((f) => f.type === 'case-reopened');
    if (!idle || !reopened) throw new Error('the case waits for nothing that is named');
  }
  if (state.status === 'closing' && !state.referrals.some(isSent))
    throw new Error('closing waits for nobody');
  if (state.status === 'completed' || state.status === 'closed') {
    if (state.needs.some((n) => n.status === 'open')) throw new Error('ended with an open need');
    if (state.referrals.some((r) => !isTerminal(r))) throw new Error('ended with an open referral');
  }
  restsOnConsent(state);
  for (const need of state.needs) if (need.status === 'open') namesWhatItWaitsFor(saga, state, need.code);
  plannedForAReason(saga, state);
  everyProblemIsTold(saga, state);
  // One that is being recalled may be followed by another.
  const slots = state.referrals.filter((r) => !isTerminal(r) && !r.cancellation).map((r) => r.slot);
  if (new Set(slots).size !== slots.length) throw new Error('two referrals are open for one slot');
  const ids = [...state.referrals.map((r) => r.id), ...state.escalations.map((e) => e.id)];
  if (new Set(ids).size !== ids.length) throw new Error('an id was given twice');
}

function namesWhatItWaitsFor(saga: Saga, state: CaseState, code: string): void {
  const serving = state.referrals.filter((r) => r.needs.includes(code));
  const moving = serving.some((r) => !isTerminal(r) || r.confirmBy);
  // What a person put aside comes back by the case's timer, so it counts as named.
  const told = problems(state, saga.env).some(
    (p) => p.detail['need'] === code || serving.some((r) => r.id === p.referralId),
  );
  if (!moving && !told) throw new Error(`the need ${code} waits for nothing`);
}

/** Nothing rests on a consent that does not carry it, but for what an agency was asked to stop. */
function restsOnConsent({ referrals, profile }: CaseState): void {
  for (const r of referrals) {
    if (r.basis !== 'consent' || isTerminal(r) || r.cancellation) continue;
    const carried = isSent(r) ? covers(profile.consent, r.purpose) : mayCover(profile.consent, r.purpose);
    if (!carried) throw new Error(`${r.service} rests on a consent that does not carry it`);
  }
}

/** Nothing is held back without a reason, and nothing is kept for later that can never go. */
function plannedForAReason(saga: Saga, state: CaseState): void {
  for (const r of state.referrals.filter((x) => x.status === 'planned')) {
    const unmet = unmetOf(r, state, RULES);
    const consented = r.basis !== 'consent' || covers(state.profile.consent, r.purpose);
    const offered = findOffer(saga.catalogues, r.agency, r.service);
    const early = awaitsArrival(offered, state.profile, saga.now);
    if (early !== (r.businessStatus === 'awaiting-arrival') && state.status === 'open') {
      throw new Error(`${r.service} is planned as ${r.businessStatus}`);
    }
    const isHeld = r.pausedSince !== undefined && isPaused(saga.standings, r.agency);
    if (unmet.length === 0 && !early && consented && !isHeld) {
      throw new Error(`${r.service} could go`);
    }
    if (isHeld && (unmet.length > 0 || early || !consented)) {
      throw new Error(`${r.service} waits for more than its agency`);
    }
    for (const code of unmet) {
      const awaited = latestOf(state.referrals, slotOf(code, state, RULES));
      if (awaited && !isTerminal(awaited)) continue;
      const told = problems(state, saga.env).some(
        (p) => p.detail['service'] === slotOf(code, state, RULES) || p.referralId === awaited?.id,
      );
      if (!told) throw new Error(`nobody was told that ${r.service} waits for ${code}`);
    }
  }
}

/** Every problem that has begun is escalated, or put aside by a person until the timer. */
function everyProblemIsTold(saga: Saga, state: CaseState): void {
  for (const problem of problems(state, saga.env)) {
    if (problem.from && problem.from > saga.now) continue;
    const due = raisedFrom(state, problem, saga.env);
    if (due && due <= saga.now) throw new Error(`nobody was told: ${problem.key}`);
  }
}

/** No referral goes out before what it requires, unless a person waived it. */
function checkOrder(saga: Saga): void {
  let before: CaseState | undefined;
  const isAsked = (r: CaseState['referrals'][number]) => isSent(r) && !r.cancellation;
  for (const fact of saga.facts) {
    if (fact.type === 'referral-changed' && before) {
      const { referral } = fact.data;
      const known = before.referrals.find((r) => r.id === referral.id);
      // What came along with another case had gone out under the rules there.
      if (referral.requestedAt && !known?.requestedAt && !referral.underCase) {
        expect(unmetOf(referral, before, RULES)).toEqual([]);
        const { profile } = before;
        const offered = findOffer(saga.catalogues, referral.agency, referral.service);
        if (offered && isAnnounced(profile, new Date(fact.data.at)))
          expect(referral.notBefore ?? offered.only?.phase).toMatch(/^2026|^before-arrival$/);
        if (referral.basis === 'consent') expect(covers(profile.consent, referral.purpose)).toBe(true);
        expect(latestOf(before.referrals.filter(isAsked), referral.slot)?.slot).not.toBe(referral.slot);
      }
    }
    before = fold([fact], before);
  }
}

const RUNS = 150;
const CASE_ID = '01930000-0000-7000-8000-00000000000';

describe('any order of answers, timers, commands and duplicates', () => {
  it('ends terminal, or waits for something with a deadline or an open escalation', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...WORLDS),
        said,
        fc.array(step, { maxLength: 40 }),
        (world, person, steps) => {
          const saga = new Saga(person, world);
          check(saga);
          for (const take of steps) {
            take(saga);
            check(saga);
          }
          checkOrder(saga);
          expect(fold(saga.facts)).toEqual(saga.state);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('also when two cases become one: nothing that was sent is lost, and the order of both holds', () => {
    let merged = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...WORLDS),
        fc.tuple(said, said),
        fc.tuple(...[12, 12, 15].map((maxLength) => fc.array(step, { maxLength }))),
        (world, people, [ofOne = [], ofOther = [], after = []]) => {
          const [into, from] = people.map((p, n) => new Saga(p, world, `${CASE_ID}${n}`)) as [Saga, Saga];
          for (const take of ofOne) take(into);
          for (const take of ofOther) take(from);
          // Later than what either has sent: both know the same of agencies only from here on.
          into.now = from.now = new Date(Math.max(into.now.getTime(), from.now.getTime()) + 1);
          from.catalogues = into.catalogues;
          from.standings = into.standings;
          for (const saga of [into, from]) saga.when({ type: 'time-passed' });
          const [before, other] = [into.state, from.state];
          const owed = [before, other].flatMap((state) => state.referrals.filter(isSent).map((r) => r.id));
          try {
            from.when({ type: 'merge-into', other: before });
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            return;
          }
          merged++;
          into.when({ type: 'merge-from', other });
          const still = [into, from].flatMap((s) => s.state.referrals.filter(isSent).map((r) => r.id));
          expect([...still].sort()).toEqual(expect.arrayContaining([...owed].sort()));
          expect(new Set(still).size).toBe(still.length);
          for (const saga of [into, from]) check(saga);
          for (const take of after) {
            take(into);
            check(into);
          }
          for (const saga of [into, from]) {
            checkOrder(saga);
            expect(fold(saga.facts)).toEqual(saga.state);
          }
        },
      ),
      { numRuns: RUNS },
    );
    expect(merged).toBeGreaterThan(RUNS / 4);
  });

  it('every case comes to its end when agencies answer and a person settles what is left', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...WORLDS),
        said,
        fc.array(step, { maxLength: 15 }),
        (world, person, steps) => {
          const saga = new Saga(person, world);
          for (const take of steps) take(saga);
          for (let round = 0; round < 200 && !['completed', 'closed'].includes(saga.state.status); round++) {
            for (const r of saga.state.referrals.filter(isSent)) {
              const status = r.cancellation
                ? 'cancelled'
                : r.status === 'requested'
                  ? 'received'
                  : r.status === 'received'
                    ? 'accepted'
                    : 'completed';
              const data = {
                status,
                outcome: 'verified',
                referralId: r.id,
                at: saga.now.toISOString(),
              } as const;
              saga.when({ type: 'answered', agency: r.agency, data });
            }
            saga.days(1);
            if (round < 60) continue;
            saga.standings = new Map();
            if (saga.state.ahead) saga.change(NO_NOTICE);
            if (saga.state.profile.consent.status === 'pending')
              saga.consent('refused', saga.now.toISOString());
            for (const need of saga.state.needs) {
              if (need.status === 'open')
                tolerate(() => saga.when({ type: 'settle-need', code: need.code, reason: 'x' }));
            }
            // A case that was reopened with nothing to do waits for a person.
            if (round > 150) tolerate(() => saga.when({ type: 'close', reason: 'left-country' }));
          }
          expect(['completed', 'closed']).toContain(saga.state.status);
        },
      ),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });
});
