import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Sessions1769000000000 implements MigrationInterface {
  name = 'Sessions1769000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A session is known by the SHA-256 of its cookie, and its tokens are sealed: who reads this table is nobody.
      create table session (
        id_hash bytea primary key, tokens bytea not null, fresh_until timestamptz not null,
        began_at timestamptz not null, ends_at timestamptz not null
      );
      create index session_by_end on session (ends_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table session');
  }
}
