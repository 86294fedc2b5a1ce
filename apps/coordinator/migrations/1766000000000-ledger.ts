import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Ledger1766000000000 implements MigrationInterface {
  name = 'Ledger1766000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Who was told which fields of a person, why and when. No personal data, and nothing is ever changed: entries are
      -- chained within their case (hash), the case keeps its chain's head, and seals reach over all of them.
      create table disclosure (
        id bigint generated always as identity,
        case_id uuid not null, place int not null, at timestamptz not null,
        agency text not null, service text not null, referral_id uuid not null, kind text not null,
        fields text not null, absent text not null, basis text not null, purpose text, agreement int not null,
        fact int not null, cause text not null, hash bytea not null,
        primary key (case_id, place)
      );
      create index disclosure_by_agency on disclosure (agency, at, id);
      -- Rows lie in the order of their ids: enough to find those since the last seal.
      create index disclosure_age on disclosure using brin (id) with (autosummarize = on);

      create table disclosure_seal (
        number int primary key, at timestamptz not null, upto bigint not null, entries int not null,
        digest bytea not null, hash bytea not null
      );

      create function only_added() returns trigger language plpgsql as $$
      begin
        raise exception 'rows of % are added and never changed', tg_table_name using errcode = 'insufficient_privilege';
      end $$;
      create trigger only_added before update or delete or truncate on disclosure execute function only_added();
      create trigger only_added before update or delete or truncate on disclosure_seal execute function only_added();
      revoke update, delete, truncate on disclosure, disclosure_seal from current_user;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table disclosure_seal, disclosure; drop function only_added()');
  }
}
