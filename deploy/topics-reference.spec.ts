import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { topicsReference } from './topics-reference';

it('docs/reference/topics.md says what the list of topics says (npm run --silent topics -- --reference)', () => {
  const file = join(__dirname, '..', 'docs', 'reference', 'topics.md');
  expect(readFileSync(file, 'utf8')).toBe(topicsReference());
});
