/** A desk's worth of cases, for looking at: some of the sample's people, answers to some of their referrals, some silence. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { restOfTheRoundtable } from './roundtable';
import { System } from './system';

const SAMPLE = join(__dirname, '..', '..', 'apps', 'local', 'sample', 'arrivals-2026-11-20.csv');

/** `people` of the sample arrive, agencies answer what they can in a morning, and two working days pass. */
export async function startDemonstration(people: number): Promise<System> {
  const system = await System.start({ fixtures: restOfTheRoundtable() });
  const lines = readFileSync(SAMPLE, 'utf8').split('\n');
  await system.manifest(`${lines.slice(0, people + 1).join('\n')}\n`);
  for (const agency of ['identity', 'health', 'insurance', 'education', 'employment']) {
    const referrals = await system.all<{ id: string; status: string }>(`/agencies/${agency}/referrals`);
    for (const [i, { id }] of referrals.entries()) {
      for (const body of ANSWERS[i % ANSWERS.length]!) {
        await system.call('POST', `/agencies/${agency}/referrals/${id}/answers`, body);
      }
    }
  }
  await system.settle();
  await system.advance('2 d');
  return system;
}

const ANSWERS: readonly (readonly object[])[] = [
  [{ status: 'accepted' }, { status: 'completed' }],
  [{ status: 'accepted' }],
  [{ status: 'rejected', code: 'no-capacity' }],
  [],
];
