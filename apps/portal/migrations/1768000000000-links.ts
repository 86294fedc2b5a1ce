import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Links1768000000000 implements MigrationInterface {
  name = 'Links1768000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A link is known by the SHA-256 of its token: who reads this table can open no page.
      create table link (
        id uuid primary key, token_hash bytea not null unique, case_id uuid not null, language text not null,
        created_at timestamptz not null, expires_at timestamptz not null,
        revoked_at timestamptz, revoke_reason text
      );
      create index link_by_case on link (case_id, created_at desc, id desc);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table link');
  }
}
