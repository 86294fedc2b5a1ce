import { AnswerBody, schemaErrors } from '@retorno/contracts';
import fc from 'fast-check';
import { discoverAgencies } from './discover';
import { chance, nextAnswer, type WorklistItem } from './staff';

const offers = discoverAgencies().flatMap((agency) => agency.services);
const item = (id: string, status: string, more: Partial<WorklistItem> = {}): WorklistItem => ({
  id,
  service: 'dni-issue',
  status,
  ...more,
});
const possible: Record<string, string[]> = {
  received: ['accepted', 'rejected'],
  accepted: ['in-progress', 'on-hold', 'completed', 'failed'],
  'in-progress': ['on-hold', 'completed', 'failed'],
  'on-hold': ['in-progress', 'completed', 'failed'],
};

describe('simulated staff', () => {
  it('decide the same for the same referral, so that a run repeats', () => {
    expect(chance('r-1', 'fate')).toBe(chance('r-1', 'fate'));
    expect(nextAnswer(item('r-1', 'received'))).toEqual(nextAnswer(item('r-1', 'received')));
  });

  it('answer only what is possible, in the form of the public interface', () => {
    const errors = schemaErrors(AnswerBody);
    fc.assert(
      fc.property(fc.uuid(), fc.constantFrom(...Object.keys(possible)), (id, status) => {
        const answer = nextAnswer(item(id, status));
        if (!answer) return;
        expect(errors(answer)).toEqual([]);
        expect(possible[status]).toContain(answer.status);
        expect(answer.code !== undefined).toBe(answer.status === 'rejected');
      }),
    );
  });

  it('answer a cancellation with cancelled, or completed when done already', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const answer = nextAnswer(item(id, 'accepted', { cancellationRequested: {} }));
        expect(['cancelled', 'completed']).toContain(answer?.status);
      }),
    );
  });

  it('say of every service what it is not done without', () => {
    const ids = Array.from({ length: 50 }, (_, i) => `r-${i}`);
    for (const { code: service, outcome } of offers) {
      for (const id of ids) {
        const answer = nextAnswer(item(id, 'on-hold', { service }));
        const said = answer?.outcome;
        const fields = typeof said === 'string' ? { result: said } : { ...said };
        if (!answer) continue;
        for (const field of outcome?.requires ?? [])
          expect([service, fields]).toEqual([
            service,
            expect.objectContaining({ [field]: expect.anything() }),
          ]);
        if (outcome?.results && fields.result) expect(outcome.results).toContain(fields.result);
      }
    }
    const issued = (service: string) => nextAnswer(item('r-1', 'on-hold', { service }))?.outcome;
    expect(issued('dni-issue')).toEqual({ document: expect.stringMatching(/^\d{8}$/) });
    expect(issued('foreigner-card')).toEqual({ document: expect.stringMatching(/^CE\d{9}$/) });
    expect(issued('medical-care')).toEqual({ certificate: expect.stringMatching(/^CERT-/) });
  });

  it('turn no child away from the best-interests decision, and away from nothing with absurd words', () => {
    const answers = (service: string) =>
      Array.from({ length: 2000 }, (_, i) => nextAnswer(item(`r-${i}`, 'received', { service }))?.code);
    expect(new Set(answers('special-protection-unit'))).toEqual(new Set([undefined]));
    expect(new Set(answers('reception'))).toEqual(new Set([undefined, 'unreachable']));
  });

  it('are sometimes late, and sometimes turn a referral down for want of capacity', () => {
    const answers = Array.from({ length: 2000 }, (_, i) => nextAnswer(item(`r-${i}`, 'received')));
    expect(answers.some((answer) => answer === undefined)).toBe(true);
    expect(answers.some((answer) => answer?.code === 'no-capacity')).toBe(true);
  });
});
