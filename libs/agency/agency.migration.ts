import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An agency's own tables. */
export class AgencyTables1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table referral (
        key text primary key,
        version int not null,
        body text not null,
        status text not null,
        business_status text,
        code text,
        service text not null,
        routine boolean not null,
        office text,
        case_ref text not null,
        requested_at timestamptz not null,
        ack_due_at timestamptz not null,
        due_at timestamptz not null,
        updated_at timestamptz not null
      )`);
    // The worklist is read urgent ones first, then oldest first, most often for one status.
    await runner.query('create index referral_by_age on referral (routine, requested_at, key)');
    await runner.query('create index referral_by_status on referral (status, routine, requested_at, key)');
    await runner.query(`
      create table idempotency (
        key text primary key,
        version int not null,
        body text not null,
        stored_at timestamptz not null
      )`);
    await runner.query('create index idempotency_by_age on idempotency (stored_at)');
    for (const table of ['catalogue', 'places']) {
      await runner.query(
        `create table ${table} (key text primary key, version int not null, body text not null)`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table referral, idempotency, catalogue, places');
  }
}
