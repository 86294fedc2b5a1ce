import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { discoverAgencies } from '../discover';
import { agreementPage } from './page';

const agencies = discoverAgencies();
const page = agreementPage(agencies);

describe('the information-sharing agreement', () => {
  it('stands in docs/reference as the agencies declare it (npm run --silent agreement)', () => {
    const file = join(__dirname, '..', '..', '..', 'docs', 'reference', 'information-sharing.md');
    expect(readFileSync(file, 'utf8')).toBe(page);
  });

  it('has a line for every service of every agency, with the fields that it sees', () => {
    for (const { slug, services } of agencies) {
      const section = page.split('\n## ').find((part) => part.includes(`(\`${slug}\`), version`));
      for (const { code, sees } of services) {
        const line = section?.split('\n').find((text) => text.startsWith(`| \`${code}\` |`));
        expect(line).toMatch(new RegExp(`\\| ${sees.join(', ')} \\|$`));
      }
    }
  });
});
