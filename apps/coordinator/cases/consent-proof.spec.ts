import type { Consent } from '@retorno/contracts';
import { consentProof } from './consent-proof';
import { offer, catalogues } from '../testing/roundtable';
import { Saga } from '../testing/saga';

const WORLD = catalogues({
  clinic: [offer('care', { for: ['health-care'], purpose: 'health', law: 'Ley 26842, art. 29' })],
  office: [offer('placement', { for: ['employment'], purpose: 'work', requires: ['paper'] })],
  registry: [offer('paper', { purpose: 'identity' })],
  refuge: [offer('bed', { for: ['shelter'], basis: 'vital-interests' })],
});
const NEEDS = ['health-care', 'employment', 'shelter'] as const;
const NEXT_DAY = '2026-11-24T12:00:00.000Z';
const saga = () => new Saga({ needs: [...NEEDS] }, WORLD);
const proofOf = (s: Saga) => consentProof(s.state, s.facts, s.catalogues);

describe('the proof of a withdrawal', () => {
  it('names nobody while the consent stands', () => {
    const s = saga();
    expect(proofOf(s)).toMatchObject({ status: 'granted', by: 'self', purposes: null, withdrawal: null });
  });

  it('names every agency that was asked to stop, and is complete once the last has answered', () => {
    const s = saga();
    s.answer('care', 'received', 'accepted');
    s.consent('withdrawn', NEXT_DAY);
    const asked = proofOf(s).withdrawal;
    expect(asked).toMatchObject({ at: NEXT_DAY, recordedAt: '2026-11-23T14:00:00.000Z', pending: 2 });
    expect(asked?.stopped.map((one) => [one.service, one.acknowledgedAt, one.answer])).toEqual([
      ['care', null, null],
      ['paper', null, null],
    ]);
    expect(asked?.neverSent.map((one) => one.service)).toEqual(['placement']);
    s.hours(2);
    s.answer('care', 'cancelled');
    expect(proofOf(s).withdrawal).toMatchObject({ pending: 1, complete: false });
    s.answer('paper', 'received', 'cancelled');
    const proof = proofOf(s).withdrawal;
    expect(proof).toMatchObject({ pending: 0, complete: true, kept: [] });
    expect(proof?.stopped[0]).toMatchObject({
      agency: 'clinic',
      requestedAt: '2026-11-23T14:00:00.000Z',
      acknowledgedAt: '2026-11-23T16:00:00.000Z',
      answer: 'cancelled',
    });
  });

  it('names what was done before, and by which law it is kept; done wins over the request to stop', () => {
    const s = saga();
    s.complete('care');
    s.answer('paper', 'received', 'accepted');
    s.consent('withdrawn', NEXT_DAY);
    s.answer('paper', 'completed');
    const proof = proofOf(s).withdrawal;
    expect(proof?.stopped.map((one) => [one.service, one.answer])).toEqual([['paper', 'completed']]);
    expect(proof?.kept.map((one) => [one.agency, one.law])).toEqual([
      ['clinic', 'Ley 26842, art. 29'],
      ['registry', null],
    ]);
    expect(proof?.complete).toBe(true);
  });

  it('of a part names what rested on that part', () => {
    const s = saga();
    s.consent('granted', NEXT_DAY, { purposes: ['identity', 'work'] });
    expect(proofOf(s)).toMatchObject({ status: 'granted', purposes: ['identity', 'work'] });
    expect(proofOf(s).withdrawal?.stopped.map((one) => one.service)).toEqual(['care']);
  });

  it('of one that expired counts from when its time was over', () => {
    const until = '2026-11-30T14:00:00.000Z';
    const consent: Consent = { status: 'granted', at: '2026-11-20T13:00:00.000Z', until };
    const s = new Saga({ needs: [...NEEDS], consent }, WORLD);
    s.until(until);
    expect(proofOf(s)).toMatchObject({ status: 'expired', withdrawal: { at: until, pending: 2 } });
  });

  it('given again and withdrawn again shows the last time, and what is still owed from the one before', () => {
    const s = saga();
    s.answer('care', 'received', 'accepted');
    s.answer('paper', 'received', 'accepted');
    s.consent('withdrawn', NEXT_DAY);
    s.answer('paper', 'cancelled');
    s.consent('granted', '2026-11-24T13:00:00.000Z');
    s.hours(1);
    s.consent('withdrawn', '2026-11-24T14:00:00.000Z');
    const { history, withdrawal } = proofOf(s);
    expect(history.map((entry) => entry.status)).toEqual(['granted', 'withdrawn', 'granted', 'withdrawn']);
    expect(withdrawal?.stopped.map((one) => [one.service, one.requestedAt])).toEqual([
      ['care', '2026-11-23T14:00:00.000Z'],
      ['paper', '2026-11-23T15:00:00.000Z'],
    ]);
  });
});
