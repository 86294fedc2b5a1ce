import { asked, type AgencyReferral, type PolicyInput } from '@retorno/agency';
import { peruCalendar } from '@retorno/service';
import { policy } from './insurance.policy';

const now = new Date('2026-11-23T15:00:00.000Z');
/** 45 days later to the second. */
const lapse = new Date('2027-01-07T15:00:00.000Z');

const referral = (changes: Partial<AgencyReferral> = {}) =>
  asked.referral({ service: 'enrolment', ...changes });

const on = (type: PolicyInput['type'], changes: Partial<AgencyReferral> = {}, at = now) =>
  policy(referral(changes), { type, now: at, calendar: peruCalendar() });

const provisional = { provisional: true };
const enrolled: Partial<AgencyReferral> = {
  ...provisional,
  status: 'completed',
  outcome: 'provisional',
  wakeAt: lapse.toISOString(),
};

describe('the insurance fund', () => {
  it('enrols who cannot wait at once, provisionally, and says until when the DNI must follow', () => {
    expect(on('requested', provisional)).toMatchObject({
      answers: [
        { status: 'accepted' },
        { status: 'completed', outcome: 'provisional', note: expect.stringContaining('45') },
      ],
      wakeAt: lapse,
    });
  });

  it('leaves every other enrolment to its staff: only they see what else a household is insured by', () => {
    expect(on('requested')).toEqual([]);
    expect(on('answered', { status: 'accepted' })).toEqual([]);
  });

  it('does not enrol who asked to stop', () => {
    const cancellationRequested = { reason: 'consent-withdrawn', at: now.toISOString() };
    expect(on('cancellation-requested', { ...provisional, cancellationRequested })).toEqual([]);
  });

  it('makes the enrolment good when the document comes, and waits no more', () => {
    const returnee = { documentType: 'dni', documentNumber: '40000001' };
    expect(on('updated', { ...enrolled, provisional: false, returnee })).toEqual({ wakeAt: null });
    expect(on('woken', { status: 'completed', outcome: 'provisional' }, lapse)).toEqual([]);
  });

  it('goes on waiting when something else changed', () => {
    expect(on('updated', { ...enrolled, returnee: { phone: '+51900000001' } })).toEqual([]);
  });

  it('lets it lapse after 45 days without a document, and not a moment before', () => {
    const { wakeAt: _woken, ...waiting } = enrolled;
    expect(on('woken', waiting, lapse)).toEqual({
      correction: { status: 'failed', reason: expect.stringContaining('45') },
    });
    expect(on('woken', waiting, new Date(lapse.getTime() - 1))).toEqual({ wakeAt: lapse });
  });

  it('lets lapse nothing that staff, or operations, have decided otherwise', () => {
    expect(on('woken', { ...provisional, status: 'failed' }, lapse)).toEqual([]);
    expect(on('woken', { ...provisional, status: 'completed', outcome: 'enrolled' }, lapse)).toEqual([]);
  });
});
