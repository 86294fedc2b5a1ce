/** `DATABASE_URL=… node dist/tests/faults/check.js`: checks a database and ends non-zero when a promise was broken. */
import { check } from './checker';
import { printed } from './report';

async function main(): Promise<void> {
  const url = process.env['DATABASE_URL'];
  if (!url) throw new Error('DATABASE_URL must be the address of a role that may read every schema');
  const report = await check(url);
  console.log(printed(report));
  process.exitCode = report.ok ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
