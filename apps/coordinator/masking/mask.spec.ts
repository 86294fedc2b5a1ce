import { restrictedCodes } from '../saga/restricted';
import { roundtable } from '../testing/roundtable';
import { Saga } from '../testing/saga';
import { caseView } from '../cases/view';
import { maskOf } from './mask';

const all = roundtable();
const hidden = restrictedCodes(all);
const masked = (said: ConstructorParameters<typeof Saga>[0]) => {
  const { state } = new Saga(said, all);
  return { state, mask: maskOf(hidden, state), view: maskOf(hidden, state)(caseView(state, all)) };
};
const survivor = () => masked({ vulnerabilities: ['gender-based-violence'], needs: ['employment'] });

describe('a masked answer', () => {
  it('keeps the ids of what it does not name, so that something can be done about it', () => {
    const { state, view } = survivor();
    expect(view.needs.map(({ id, code, origin }) => [id, code, origin])).toEqual([
      ['1', 'employment', 'asked'],
      ['2', 'restricted', 'restricted'],
      ['3', 'arrival-reception', 'assessed'],
    ]);
    const centre = state.referrals.find((r) => r.agency === 'protection')!;
    expect(view.referrals.find(({ id }) => id === centre.id)).toMatchObject({
      agency: 'restricted',
      agencyName: null,
      service: 'restricted',
      title: null,
      purpose: null,
      basis: 'restricted',
      needs: ['restricted'],
      restricted: true,
      status: centre.status,
      dueAt: centre.dueAt,
    });
    expect(view.referrals.find((r) => r.service === 'job-placement')).toMatchObject({ agency: 'employment' });
  });

  it('says nothing that gives it away: who the person is at risk of, reject codes, offices, words', () => {
    const { state, mask } = survivor();
    const { id } = state.referrals.find((r) => r.agency === 'protection')!;
    expect(maskOf(hidden, state)(caseView(state, all)).atRisk).toBeNull();
    expect(
      mask({ referralId: id, code: 'safety', note: 'golpes', by: 'Lucía, CEM', sent: ['codeName'] }),
    ).toEqual({
      referralId: id,
      code: 'restricted',
      note: null,
      by: null,
      sent: [],
    });
    expect(mask({ actor: 'agency:protection', detail: { note: 'golpes' } })).toEqual({
      actor: 'agency:restricted',
      detail: { note: null },
    });
    expect(mask({ catalogues: { protection: 3, health: 1 } })).toEqual({ catalogues: { health: 1 } });
  });

  it('does not link a service that is named with a need that is not', () => {
    const { view } = masked({ vulnerabilities: ['pregnant'], needs: ['health-care'] });
    expect(view.referrals.find((r) => r.service === 'medical-care')?.needs).toEqual(['health-care']);
  });

  it('counts several of what was noted as one', () => {
    const { mask } = survivor();
    expect(mask({ vulnerabilities: ['trafficking', 'older-person', 'tb-or-hiv'] })).toEqual({
      vulnerabilities: ['restricted', 'older-person'],
    });
  });

  it('hides what meets a prerequisite as a whole, and several codes each', () => {
    const { mask } = survivor();
    expect(mask(['protection/special-protection-unit', 'identity/dni-issue'])).toEqual([
      'restricted',
      'identity/dni-issue',
    ]);
    expect(mask({ group: 'no-provider:trafficking', dependents: 'shelter,disability-card' })).toEqual({
      group: 'no-provider:restricted',
      dependents: 'shelter,restricted',
    });
  });

  it('hides an escalation by its id, whoever resolved it with which words', () => {
    const { state } = new Saga({ vulnerabilities: ['trafficking'] }, roundtable('health'));
    const { id } = state.escalations.find(({ detail }) => detail['need'] === 'trafficking')!;
    const entry = {
      type: 'escalation-resolved',
      detail: { id, resolution: 'decided', note: 'red de trata' },
    };
    expect(maskOf(hidden, state)(entry).detail).toEqual({ id, resolution: 'decided', note: null });
  });

  it('is the answer itself for whom nothing is hidden from', () => {
    const view = caseView(survivor().state, all);
    expect(maskOf(new Set(), survivor().state)(view)).toBe(view);
  });
});
