import { AnswerBody, schemaErrors } from '@retorno/contracts';
import fc from 'fast-check';
import { chance, nextAnswer, type WorklistItem } from './staff';

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

  it('are sometimes late, and sometimes turn a referral down for want of capacity', () => {
    const answers = Array.from({ length: 2000 }, (_, i) => nextAnswer(item(`r-${i}`, 'received')));
    expect(answers.some((answer) => answer === undefined)).toBe(true);
    expect(answers.some((answer) => answer?.code === 'no-capacity')).toBe(true);
  });
});
