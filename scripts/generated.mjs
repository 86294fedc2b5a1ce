// How a generated file is written, or with --check only compared.
import { readFileSync, writeFileSync } from 'node:fs';

/** `generate` gives the whole text from the one that is there. */
export function writeGenerated(file, generate, services) {
  const before = readFileSync(file, 'utf8');
  const after = generate(before);
  if (after === before) return;
  if (process.argv.includes('--check')) {
    process.stderr.write(
      `${file} is not as \`npm run generate\` writes it: run that and commit the change.\n`,
    );
    process.exit(1);
  }
  writeFileSync(file, after);
  process.stdout.write(`${file}: ${services} services\n`);
}
