import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SavedViews1769100000000 implements MigrationInterface {
  name = 'SavedViews1769100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Filters of the list of cases that somebody keeps, by the issuer's permanent id of the person; shared ones
      -- everybody sees who sees the list, with the name of who made them.
      create table saved_view (
        id uuid primary key, owner text not null, owner_name text not null, name text not null, query text not null,
        shared boolean not null, saved_at timestamptz not null,
        unique (owner, name)
      );
      create index saved_view_shared on saved_view (name) where shared;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table saved_view');
  }
}
