import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIMENSIONS } from './dimensions';
import { definitionsOf, GROUPS } from './figures';
import { FOLLOW_UP_DIMENSIONS, FOLLOW_UP_GROUPS, WAVE } from './follow-up-figures';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'reference', 'statistics.md'), 'utf8');
const cells = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));

test('the page of reference defines every figure and dimension in the words of the answer', () => {
  const dimensions = [...DIMENSIONS.values(), ...FOLLOW_UP_DIMENSIONS.values(), WAVE];
  const defined = {
    ...definitionsOf(GROUPS),
    ...definitionsOf(FOLLOW_UP_GROUPS),
    ...Object.fromEntries(dimensions.map(({ name, words }) => [name, words])),
  };
  for (const [name, { es, en }] of Object.entries(defined)) {
    const line = cells.find((one) => one[1] === `\`${name}\``);
    expect(line?.slice(1, 4)).toEqual([`\`${name}\``, es, en]);
  }
});
