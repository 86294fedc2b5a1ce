import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is on the way: announced by consulates, or named by a manifest whose day has not come. No personal data. */
export class ExpectedReturns1764100000000 implements MigrationInterface {
  name = 'ExpectedReturns1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Other identities of a returnee, digested as in returnee: the notice's, once a manifest named the person by its own.
      create table returnee_alias (
        external_id text primary key,
        returnee_id uuid not null references returnee on delete cascade
      );
      create index returnee_alias_by_returnee on returnee_alias (returnee_id);

      create table expected_return (
        returnee_id uuid primary key references returnee on delete cascade,
        -- Null for who was never announced.
        stage text, on_manifest boolean not null, flight text, arrival_date date
      );
      create index expected_return_by_flight on expected_return (flight, arrival_date, returnee_id)
        where flight is not null;

      create table flight_cancelled (
        flight text not null, arrival_date date not null, reason text not null, cancelled_at timestamptz not null,
        -- Whose returnees do not fly; empty: nobody does.
        authority text not null,
        primary key (flight, arrival_date, authority)
      );

      create table manifest_flight (
        manifest_id uuid not null references manifest on delete cascade,
        flight text not null, arrival_date date not null,
        primary key (manifest_id, flight, arrival_date)
      );

      -- How the case stands: a manifest's row never finds one that was closed.
      alter table case_feedback add column status text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table case_feedback drop column status;
      drop table manifest_flight, flight_cancelled, expected_return, returnee_alias`);
  }
}
