import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What operations decide about agencies, and how agencies keep up. */
export class Agencies1770000000000 implements MigrationInterface {
  name = 'Agencies1770000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table agency_standing (key text primary key, version int not null, body text not null);

      -- Every decision about an agency, for good.
      create table agency_fact (
        id bigint generated always as identity primary key, agency text not null, body text not null
      );
      create index agency_fact_newest on agency_fact (agency, id desc);

      -- Samples of the last days; written beside the cases, not with them.
      create table agency_pace (
        agency text not null, step text not null, at timestamptz not null, seconds float8 not null
      );
      create index agency_pace_newest on agency_pace (agency, step, at desc) include (seconds);

      create table agency_heard (
        agency text primary key, heard_at timestamptz not null, answered_at timestamptz
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agency_heard, agency_pace, agency_fact, agency_standing');
  }
}
