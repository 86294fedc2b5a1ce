/**
 * Verifies the disclosure ledger: every entry, every case's chain, every seal.
 *
 *     node dist/apps/local/ledger/main.js                 the database in DATABASE_URL, or that of `npm start` in DATA_DIR (.data)
 *     node dist/apps/local/ledger/main.js --seal <hash>   also that a seal noted earlier is still there
 *     node dist/apps/local/ledger/main.js --audit         the audit instead, of every service whose audit the role may read
 *
 * The address is that of the coordinator's role, or of one that may read its schema. A database of `npm start` may be
 * running or not. Exit code: 0 everything agrees, 1 a row does not (it is named), 2 it could not be read, 78 wrong settings.
 */
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { SettingsError, verifyAudits, type AuditReport } from '@retorno/service';
import { Client } from 'pg';
import { verifyLedger, type LedgerReport } from '../../coordinator/ledger/verify';
import { databaseOf } from '../own-database';

async function main(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values } = parseArgs({ args, options: { seal: { type: 'string' }, audit: { type: 'boolean' } } });
  const database = await databaseOf(env);
  try {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      if (values.audit === true) return tellAudits(await verifyAudits(client));
      const report = await verifyLedger(client, 'coordinator', values.seal);
      for (const line of lines(report)) process.stdout.write(`${line}\n`);
      return report.wrong === undefined ? 0 : 1;
    } finally {
      await client.end();
    }
  } finally {
    await database.stop();
  }
}

function tellAudits(reports: readonly AuditReport[]): number {
  for (const { service, rows, chains, wrong } of reports) {
    const agrees = `${rows} rows in ${chains} chains agree.`;
    process.stdout.write(
      `audit of ${service}: ${wrong === undefined ? agrees : `does not agree: ${wrong}.`}\n`,
    );
  }
  if (reports.length === 0) throw new Error('this role may read no audit');
  return reports.some(({ wrong }) => wrong !== undefined) ? 1 : 0;
}

function lines({ entries, cases, seals, unsealed, lastSeal, wrong }: LedgerReport): string[] {
  if (wrong !== undefined) return [`The ledger does not agree: ${wrong}.`];
  return [
    `${entries} entries of ${cases} cases agree with their chains and heads.`,
    `${seals} seals agree; ${unsealed} entries are newer than the last.`,
    ...(lastSeal ? [`Last seal: ${lastSeal}`] : []),
  ];
}

main(process.argv.slice(2), process.env).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`ledger:verify: ${error instanceof Error ? error.message : String(error)}\n`);
    const isUsage =
      error instanceof SettingsError ||
      String((error as { code?: unknown } | null)?.code).startsWith('ERR_PARSE_ARGS');
    process.exitCode = isUsage ? 78 : 2;
  },
);
