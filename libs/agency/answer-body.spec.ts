import { ANSWER_STATUSES } from '@retorno/contracts';
import { readAnswer } from './answer-body';

function errorsOf(body: unknown) {
  const read = readAnswer(body);
  return 'errors' in read ? read.errors : [];
}

describe('an answer over HTTP', () => {
  it('with an unknown status is told the known ones', () => {
    expect(errorsOf({ status: 'done' })).toEqual([
      {
        pointer: '/status',
        detail: `must be one of ${ANSWER_STATUSES.join(', ')}`,
        allowed: ANSWER_STATUSES,
      },
    ]);
  });

  it('has every wrong field named at once', () => {
    const pointers = errorsOf({ code: 'x', at: 'yesterday', surprise: 1 }).map((e) => e.pointer);
    expect(pointers.sort()).toEqual(['/at', '/code', '/status', '/surprise']);
  });

  it.each([[null], [[]], ['accepted'], [undefined]])('that is no object (%j) is refused', (body) => {
    expect(errorsOf(body).length).toBeGreaterThan(0);
  });

  it('is refused when the database could not keep its text', () => {
    expect(errorsOf({ status: 'accepted', note: 'a\u0000b' })[0]?.pointer).toBe('/note');
    expect(errorsOf({ status: 'completed', outcome: { document: '\ud800' } })[0]?.pointer).toBe(
      '/outcome/document',
    );
    expect(errorsOf({ status: 'accepted', note: 'Ñandú 🙂 <b>=1+1</b> DROP TABLE' })).toEqual([]);
  });

  it('is never repeated in its errors', () => {
    expect(JSON.stringify(errorsOf({ status: 'Juana Quispe', note: 7 }))).not.toContain('Juana');
  });
});
