import fc from 'fast-check';
import {
  answerErrors,
  CURRENT_QUESTIONNAIRE,
  DIMENSIONS,
  QUESTIONNAIRES,
  score,
  type Question,
} from './questionnaire';

const { questions } = CURRENT_QUESTIONNAIRE;
const all = (pick: (question: Question) => string): Record<string, string> =>
  Object.fromEntries(questions.map((question) => [question.code, pick(question)]));
const worst = all(({ choices }) => choices[0]!.code);
const best = all(({ choices }) => choices.findLast((choice) => choice.score === 1)!.code);
const of = (dimension: string) => questions.filter((question) => question.dimension === dimension);

describe('a questionnaire', () => {
  it('asks four things of each dimension, in two languages, with answers from 0 to 1', () => {
    for (const questionnaire of QUESTIONNAIRES.values()) {
      for (const dimension of DIMENSIONS) expect(of(dimension)).toHaveLength(4);
      const codes = questionnaire.questions.map((question) => question.code);
      expect(new Set(codes).size).toBe(codes.length);
      for (const { text, choices } of questionnaire.questions) {
        expect([text.es, text.en].every(Boolean)).toBe(true);
        const scores = choices.flatMap((choice) => choice.score ?? []);
        expect([Math.min(...scores), Math.max(...scores)]).toEqual([0, 1]);
      }
    }
  });
});

describe('the score', () => {
  it('is 0 at the worst and 1 at the best', () => {
    expect(score(CURRENT_QUESTIONNAIRE, worst)).toEqual({
      economic: 0,
      social: 0,
      psychosocial: 0,
      composite: 0,
    });
    expect(score(CURRENT_QUESTIONNAIRE, best)).toEqual({
      economic: 1,
      social: 1,
      psychosocial: 1,
      composite: 1,
    });
  });

  it('is the mean of a dimension, and over all the mean of the dimensions', () => {
    const mixed = { ...best, ...Object.fromEntries(of('economic').map((q) => [q.code, q.choices[0]!.code])) };
    expect(score(CURRENT_QUESTIONNAIRE, { ...mixed, work: 'partly' })).toEqual({
      economic: 0.125,
      social: 1,
      psychosocial: 1,
      composite: 0.708,
    });
  });

  it('leaves out what was not said', () => {
    expect(score(CURRENT_QUESTIONNAIRE, { ...best, schooling: 'unsaid' }).social).toBe(1);
    expect(answerErrors(CURRENT_QUESTIONNAIRE, { ...best, schooling: 'unsaid' })).toEqual([]);
  });

  it('lies between 0 and 1 and never falls when an answer is better', () => {
    const answers = fc
      .tuple(...questions.map((question) => fc.nat({ max: question.choices.length - 2 })))
      .map((picked) => Object.fromEntries(questions.map((q, i) => [q.code, picked[i]!])));
    fc.assert(
      fc.property(answers, fc.nat({ max: questions.length - 1 }), (picked, which) => {
        const coded = (at: Record<string, number>) =>
          all((question) => question.choices[at[question.code]!]!.code);
        const { code, choices } = questions[which]!;
        const better = { ...picked, [code]: Math.min(picked[code]! + 1, choices.length - 2) };
        const [before, after] = [picked, better].map((one) => score(CURRENT_QUESTIONNAIRE, coded(one)));
        expect(after!.composite).toBeGreaterThanOrEqual(before!.composite);
        for (const value of Object.values(after!)) expect(value >= 0 && value <= 1).toBe(true);
      }),
    );
  });
});

describe('answers', () => {
  it('name every question, and only choices that it offers', () => {
    const { work: _work, ...without } = best;
    expect(answerErrors(CURRENT_QUESTIONNAIRE, without).map((error) => error.question)).toEqual(['work']);
    expect(answerErrors(CURRENT_QUESTIONNAIRE, { ...best, work: 'perhaps' })).toEqual([
      { question: 'work', detail: 'must be one of no, partly, yes, unsaid' },
    ]);
    expect(answerErrors(CURRENT_QUESTIONNAIRE, { ...best, shoes: 'yes' })[0]!.question).toBe('shoes');
  });

  it('say something of each dimension', () => {
    const silent = Object.fromEntries(of('social').map((question) => [question.code, 'unsaid']));
    expect(answerErrors(CURRENT_QUESTIONNAIRE, { ...best, ...silent })).toEqual([
      { question: 'housing', detail: expect.stringContaining('social') },
    ]);
  });
});
