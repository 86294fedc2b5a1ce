/** Whether what was done for returnees shows in how they fare: follow-ups by the referrals of their case. */
import { eventually } from '../support/eventually';
import type { Case } from '../support/case-view';
import { System } from '../support/system';

/** As many as may be told. */
const EACH = 6;

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

/** Records the first follow-up of a case with the best answers to everything, or the worst. */
async function heard(of: Case, how: 'best' | 'worst'): Promise<void> {
  const { questionnaire } = await system.get(`/cases/${of.id}/follow-ups`);
  const answers = Object.fromEntries(
    questionnaire.questions.map((question: { code: string; choices: { code: string }[] }) => [
      question.code,
      question.choices.at(how === 'best' ? -2 : 0)!.code,
    ]),
  );
  const body = { version: questionnaire.version, answers, by: 'desk 4', channel: 'visit' };
  const { status } = await system.call('POST', `/cases/${of.id}/follow-ups/1`, body);
  expect(status).toBe(200);
}

test('follow-ups are told by what became of the referrals of their case, and by who served it', async () => {
  const served: Case[] = [];
  const turnedDown: Case[] = [];
  for (let i = 0; i < EACH; i++) {
    const wish = { arrival_date: '2026-11-20', needs: ['health-care'] };
    served.push(await system.arrive(wish));
    turnedDown.push(await system.arrive(wish));
    await system.complete(served[i]!, 'medical-care');
    await system.confirm(served[i]!, 'medical-care');
    await system.answers(turnedDown[i]!, 'medical-care', { status: 'rejected', code: 'not-eligible' });
  }
  await system.moveTo('2026-12-21T15:00:00Z');
  for (const one of served) await heard(one, 'best');
  for (const one of turnedDown) await heard(one, 'worst');
  await system.settle();

  const meanBy = async (by: string, column: string): Promise<unknown> => {
    const { items } = await system.get(`/statistics/follow-ups?by=${by}`);
    const found = items.find((row: Record<string, unknown>) => row['wave'] === '1' && row[by] === column);
    return found && [found.answered, found.compositeMean];
  };
  await eventually(
    async () => (await meanBy('needs-met', 'total'))?.toString() === `${2 * EACH},0.5`,
    20_000,
  );
  expect(await meanBy('needs-met', 'all')).toEqual([EACH, 1]);
  expect(await meanBy('needs-met', 'none')).toEqual([EACH, 0]);
  expect(await meanBy('service', 'health/medical-care')).toEqual([2 * EACH, 0.5]);
  expect(await meanBy('agency', 'health')).toEqual([2 * EACH, 0.5]);
}, 90_000);
