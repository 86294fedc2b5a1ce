import { ownRowsRole, WHOSE } from '@retorno/service';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLE = ownRowsRole('coordinator');

/**
 * What one agency's login may read here: ids and statuses of its own referrals in open cases, and no table at all. A policy on
 * case_file would show a whole case or hide it, and one case is of several agencies at once; the view shows a part of it.
 */
export class OwnRows1770200000000 implements MigrationInterface {
  name = 'OwnRows1770200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      grant usage on schema coordinator to ${ROLE};
      -- A barrier: a condition of whoever asks sees no row before this one has let it pass.
      create view holding with (security_barrier) as
        select r.id as referral_id, r.agency, r.status
        from open_case o join case_file f on f.key = o.key
          cross join json_to_recordset(f.body::json -> 'state' -> 'referrals') as r(id text, agency text, status text)
        where o.agencies @> array[${WHOSE}] and r.agency = ${WHOSE};
      grant select on holding to ${ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop view holding; revoke usage on schema coordinator from ${ROLE}`);
  }
}
