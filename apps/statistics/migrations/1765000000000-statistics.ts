import type { MigrationInterface, QueryRunner } from 'typeorm';

const COUNTS = `
  needs int2 not null, confirmed int2 not null, unconfirmed int2 not null, declined int2 not null,
  needs_open int2 not null, unmet text[] not null,
  referrals int2 not null, referrals_completed int2 not null, referrals_rejected int2 not null,
  referrals_failed int2 not null, referrals_cancelled int2 not null, service_days int2`;

export class Statistics1765000000000 implements MigrationInterface {
  name = 'Statistics1765000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What the next fact of a case is folded into.
      create table case_tally (key text primary key, version int not null, body text not null)
        with (fillfactor = 70);

      -- What figures are summed over: a narrow row a case, so that all of them are read in one go.
      create table case_row (
        key text primary key, year int2 not null, month text not null, sex text not null, age_group text not null, origin text not null,
        nationality text not null, return_type text not null, region text not null, vulnerabilities text[] not null,
        migrant boolean not null, status text not null, ${COUNTS}
      ) with (fillfactor = 80);

      -- What an agency did for a case (whole), and what each of its services did (provider is 'agency/service'): one row
      -- serves for both where it was one service, as it mostly is.
      create table agency_row (
        key text not null, provider text not null, agency text not null, whole boolean not null, ${COUNTS},
        primary key (key, provider)
      ) with (fillfactor = 80);

      create table follow_up_row (
        key text not null, wave int2 not null, outcome text not null,
        economic real, social real, psychosocial real, composite real,
        primary key (key, wave)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table follow_up_row, agency_row, case_row, case_tally');
  }
}
