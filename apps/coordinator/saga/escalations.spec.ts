import { problem } from '@retorno/service';
import { each } from '../escalations/escalations.controller';

const found = Array.from({ length: 1203 }, (_, i) => ({
  id: `e${i}`,
  caseId: `c${i}`,
  owner: null,
  note: null,
}));
const refusal = (code: string) => problem(409, code, 'refused');

describe('a group of escalations', () => {
  it('is gone through 500 at a time, and says how many remain', async () => {
    const seen: string[] = [];
    const answer = await each(true, found, async ({ id }) => void seen.push(id));
    expect(answer).toEqual({ done: 500, skipped: 0, remaining: 703 });
    expect(seen).toEqual(found.slice(0, 500).map(({ id }) => id));
  });

  it('is not left half-way because others resolved or claimed some; anything else stops it', async () => {
    const codes = ['escalation-resolved', 'claimed-by-another'];
    const answer = await each(true, found.slice(0, 5), async ({ id }) => {
      const code = codes[Number(id.slice(1))];
      if (code) throw refusal(code);
    });
    expect(answer).toEqual({ done: 3, skipped: 2, remaining: 0 });
    const broken = each(true, found, () => Promise.reject(new Error('no database')));
    await expect(broken).rejects.toThrow('no database');
  });

  it('of one is refused', async () => {
    const one = each(false, found.slice(0, 1), () => Promise.reject(refusal('claimed-by-another')));
    await expect(one).rejects.toMatchObject({ body: { status: 409 } });
  });
});
