import { ownRowsRole, WHOSE } from '@retorno/service';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLE = ownRowsRole('intake');

/** Which rows are there for a login of one sending authority; of a table that is missing here, none. */
const OWN: Readonly<Record<string, string>> = {
  returnee_authority: `authority = ${WHOSE}`,
  returnee: theirs('returnee.id'),
  consent_given: theirs('consent_given.returnee_id'),
  expected_return: theirs('expected_return.returnee_id'),
  duplicate_pair: `${theirs('duplicate_pair.newer_id')} and ${theirs('duplicate_pair.older_id')}`,
  case_feedback: 'exists (select from returnee r where r.case_id = case_feedback.key::uuid)',
  // Of a flight that goes for nobody (''), everybody is told.
  flight_cancelled: `authority = ${WHOSE} or authority = '' and ${WHOSE} is not null`,
  manifest: `authority = ${WHOSE}`,
  manifest_row: ofTheirs('manifest_row'),
  manifest_error: ofTheirs('manifest_error'),
};

/** What such a login adds by itself; all else is written by commands with the service's own rights. */
const ADDED: Readonly<Record<string, string>> = {
  flight_cancelled: 'flight, arrival_date, reason, cancelled_at, authority',
  manifest: 'id, status, received_at, authority',
};

/** `id`: with its table, or it is taken for a column of the other one. */
function theirs(id: string): string {
  return `exists (select from returnee_authority a where a.returnee_id = ${id} and a.authority = ${WHOSE})`;
}

/** The policy of manifest counts here as well: a file that is not there for whoever asks has no rows either. */
function ofTheirs(table: string): string {
  return `exists (select from manifest m where m.id = ${table}.manifest_id)`;
}

/** The second wall between sending authorities. The service's own role owns the tables, so no policy is in its way. */
export class OwnRows1764200000000 implements MigrationInterface {
  name = 'OwnRows1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`grant usage on schema intake to ${ROLE}`);
    for (const [table, own] of Object.entries(OWN)) {
      await runner.query(`
        alter table ${table} enable row level security;
        create policy own_rows on ${table} for select to ${ROLE} using (${own});
        grant select on ${table} to ${ROLE}`);
    }
    for (const [table, columns] of Object.entries(ADDED)) {
      await runner.query(`
        create policy own_added on ${table} for insert to ${ROLE} with check (authority = ${WHOSE});
        grant insert (${columns}) on ${table} to ${ROLE}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(ADDED)) {
      await runner.query(`drop policy own_added on ${table}; revoke all on ${table} from ${ROLE}`);
    }
    for (const table of Object.keys(OWN).toReversed()) {
      await runner.query(`
        drop policy own_rows on ${table};
        alter table ${table} disable row level security;
        revoke all on ${table} from ${ROLE}`);
    }
    await runner.query(`revoke usage on schema intake from ${ROLE}`);
  }
}
