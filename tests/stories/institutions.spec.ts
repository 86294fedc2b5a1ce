import { needOf, openEscalations, referralOf, shown, type Case } from '../support/case-view';
import { restOfTheRoundtable } from '../support/roundtable';
import { System } from '../support/system';
import { tableRows } from '../support/table';

const SLOW = 180_000;

let system: System;
/** `agency/service` of whatever was answered to its end. */
const done = new Set<string>();

beforeAll(async () => {
  system = await System.start({ fixtures: restOfTheRoundtable() });
}, SLOW);
afterAll(() => system.stop(), SLOW);

/** Staff of every agency do what they are asked, and the returnee confirms it, until nothing is left to do. */
async function toTheEnd(of: { id: string }, outcomes: Record<string, unknown> = {}): Promise<Case> {
  for (let rounds = 0; rounds < 12; rounds++) {
    const now = await system.caseOf(of);
    if (now.status !== 'open') return now;
    for (const { agency, service, status } of now.referrals) {
      if (status !== 'received') continue;
      await system.complete(of, service, outcomes[service]);
      done.add(`${agency}/${service}`);
    }
    for (const { service, confirmBy } of (await system.caseOf(of)).referrals) {
      if (confirmBy) await system.confirm(of, service);
    }
  }
  return system.caseOf(of);
}

/** What stands at an agency's desk, by service. */
const atWork = (of: Case) => of.referrals.filter((r) => r.status === 'received').map((r) => r.service);
const VERIFIED = { 'dni-verify': 'verified' };

describe('every institution of the roundtable takes part', () => {
  it(
    'in a family that lands at Lima: a mother, her son, his father from Colombia, a grandmother without papers',
    async () => {
      const household = 'H-4711';
      const mother = await system.arrive({
        household,
        relationship: 'head',
        needs: [
          'health-insurance',
          'social-programme',
          'employment',
          'skills-certification',
          'recognition-of-studies',
          'emotional-support',
          'civil-certificate',
        ],
      });
      const son = await system.arrive({
        household,
        relationship: 'child',
        date_of_birth: '2018-03-02',
        needs: ['school-enrolment', 'birth-registration', 'health-care'],
      });
      const grandmother = await system.arrive({
        household,
        document_type: 'none',
        needs: ['identity-document', 'social-programme'],
      });
      const father = await system.arrive({
        household,
        relationship: 'spouse',
        nationality: 'CO',
        document_type: 'passport',
        needs: ['health-insurance'],
      });
      expect(atWork(father).toSorted()).toEqual(['foreigner-card', 'reception']);
      const { returnee } = await system.seenBy('assistance-centre', referralOf(son, 'reception'));
      const mothers = await system.seenBy('assistance-centre', referralOf(mother, 'reception'));
      // One reference for all of them at this agency, and not the one by which others know the household.
      expect(returnee.household).toBe(mothers.returnee.household);
      expect(returnee.household).not.toBe(household);

      const ends = [
        await toTheEnd(mother, VERIFIED),
        await toTheEnd(son, VERIFIED),
        await toTheEnd(grandmother, { 'dni-issue': { document: '70123456' } }),
        await toTheEnd(father, { 'foreigner-card': { document: 'CE0012345' } }),
      ];
      expect(ends.map((end) => end.status)).toEqual(Array(4).fill('completed'));
      expect(needOf(ends[0]!, 'social-programme')).toBe('settled/confirmed');
      const classified = await system.seenBy(
        'social-inclusion',
        referralOf(ends[2]!, 'household-classification'),
      );
      expect(classified.returnee.documentNumber).toBe('70123456');
    },
    SLOW,
  );

  it(
    'in the case of a child alone, for whom nothing but care begins before the decision in its best interests',
    async () => {
      const child = await system.arrive({
        relationship: 'unaccompanied',
        date_of_birth: '2013-05-01',
        vulnerabilities: ['unaccompanied-child'],
        needs: ['school-enrolment'],
      });
      const unit = referralOf(child, 'special-protection-unit');
      expect((await system.seenBy('protection', unit)).priority).toBe('urgent');
      expect(atWork(child).toSorted()).toEqual([
        'dni-verify',
        'medical-care',
        'reception',
        'special-protection-unit',
      ]);
      await system.answer(unit, { status: 'accepted' });
      const undecided = await system.answer(unit, { status: 'completed' });
      expect([undecided.status, undecided.body.errors[0].pointer]).toEqual([422, '/outcome/result']);
      expect(atWork(await system.caseOf(child))).not.toContain('school-enrolment');
      await system.answer(unit, { status: 'in-progress' });
      await system.answer(unit, { status: 'completed', outcome: 'decided' });
      done.add('protection/special-protection-unit');
      expect(atWork(await system.caseOf(child))).toContain('school-enrolment');
      expect((await toTheEnd(child, VERIFIED)).status).toBe('completed');
    },
    SLOW,
  );

  it(
    'in the case of a compatriot in detention, from the first visit to the defender at home',
    async () => {
      const detained = await system.arrive({
        arrival_date: '2026-12-15',
        document_type: 'none',
        vulnerabilities: ['detained-abroad'],
        needs: ['legal-advice'],
      });
      const visit = referralOf(detained, 'detention-visit');
      const seen = await system.seenBy('consular', visit);
      expect(seen).toMatchObject({ priority: 'urgent', returnee: { placeOfDetention: 'ES' } });
      expect(JSON.stringify(seen.memo)).not.toContain('ES');
      for (const service of ['detention-visit', 'travel-document', 'legal-defence'])
        expect(shown(detained)).toContain(`consular/${service} received`);
      expect((await toTheEnd(detained)).status).toBe('completed');
    },
    SLOW,
  );

  it(
    'in the case of a survivor who comes over the border at Tacna, whose name only those know who may',
    async () => {
      const survivor = await system.arrive({
        port_of_entry: 'TCQ',
        flight: '',
        family_names: 'Condori Huanca',
        vulnerabilities: ['trafficking', 'gender-based-violence'],
      });
      for (const [agency, service] of [
        ['protection', 'trafficking-care'],
        ['protection', 'womens-emergency-centre'],
        ['interior', 'trafficking-case'],
      ] as const) {
        const seen = await system.seenBy(agency, referralOf(survivor, service));
        expect(seen.priority).toBe('urgent');
        expect(JSON.stringify(seen)).not.toContain('Condori');
      }
      expect(atWork(survivor)).toContain('border-reception');
      expect((await toTheEnd(survivor, VERIFIED)).status).toBe('completed');
    },
    SLOW,
  );

  it(
    'in the case of an entrepreneur who comes home with savings: card, business, clean record',
    async () => {
      const needs = ['returnee-card', 'entrepreneurship', 'police-record'];
      const entrepreneur = await system.arrive({ years_abroad: 12, needs });
      expect(atWork(entrepreneur)).toContain('movement-record');
      const end = await toTheEnd(entrepreneur, VERIFIED);
      expect([end.status, ...needs.map((need) => needOf(end, need))]).toEqual([
        'completed',
        ...needs.map(() => 'settled/confirmed'),
      ]);
    },
    SLOW,
  );

  it(
    'in the case of a person with a disability, whose card waits for the certificate',
    async () => {
      const certified = await system.arrive({ vulnerabilities: ['disability'], needs: ['disability-card'] });
      const end = await toTheEnd(certified, { ...VERIFIED, 'medical-care': { certificate: 'CERT-77' } });
      expect(end.status).toBe('completed');

      const uncertified = await system.arrive({ needs: ['disability-card', 'health-care'] });
      await system.complete(uncertified, 'dni-verify', 'verified');
      const asked = await system.complete(uncertified, 'medical-care');
      const card = referralOf(asked, 'disability-card');
      expect(card).toMatchObject({ status: 'received', businessStatus: 'info-requested' });
      expect(openEscalations(asked)).toEqual(['info-requested']);

      await system.confirm(uncertified, 'medical-care', 'disputed');
      await system.command(uncertified, 'referrals/medical-care/reroute', { reason: 'to be certified' });
      await system.advance('1 h');
      const certificate = 'CERT-78';
      const later = await system.complete(uncertified, 'medical-care', { certificate });
      expect(referralOf(later, 'disability-card')).toMatchObject({ id: card.id, status: 'accepted' });
      expect((await system.seenBy('disability', card)).returnee.certificate).toBe(certificate);
      expect(openEscalations(later)).toEqual([]);
    },
    SLOW,
  );

  it(
    'when the state has no room: charities house and advise instead',
    async () => {
      const crowded = await system.arrive({ needs: ['shelter', 'legal-advice'] });
      const full = { status: 'rejected', code: 'no-capacity' };
      await system.answers(crowded, 'shelter', full);
      const after = await system.answers(crowded, 'legal-aid', full);
      expect(atWork(after)).toEqual(expect.arrayContaining(['temporary-housing', 'legal-advice']));
      const end = await toTheEnd(crowded, VERIFIED);
      expect(end.status).toBe('completed');

      const housed = await system.arrive({ needs: ['shelter'] });
      expect((await toTheEnd(housed, VERIFIED)).status).toBe('completed');
    },
    SLOW,
  );

  it(
    'and asks for what it lacks: a defender for the telephone number of a client',
    async () => {
      const silent = { phone: '', email: '', needs: ['legal-advice'] };
      const who = await system.register(silent);
      const taken = await system.answers({ id: who.caseId }, 'legal-aid', { status: 'accepted' });
      expect(referralOf(taken, 'legal-aid')).toMatchObject({
        status: 'accepted',
        businessStatus: 'info-requested',
      });
      expect(openEscalations(taken)).toEqual(['info-requested']);
    },
    SLOW,
  );

  it('with each of its services', () => {
    const missing = tableRows().filter(({ name }) => !done.has(name));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});
