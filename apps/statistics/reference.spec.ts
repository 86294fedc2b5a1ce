import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_DEFINITIONS } from './definitions';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'reference', 'statistics.md'), 'utf8');
const cells = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));

test('the page of reference defines every figure and dimension in the words of the answer', () => {
  for (const [name, { es, en }] of Object.entries(ALL_DEFINITIONS)) {
    const line = cells.find((one) => one[1] === `\`${name}\``);
    expect(line?.slice(1, 4)).toEqual([`\`${name}\``, es, en]);
  }
});
