import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SavedViews1769100000000 implements MigrationInterface {
  name = 'SavedViews1769100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Filters of the list of cases that somebody keeps, by the issuer's permanent id of the person.
      create table saved_view (
        id uuid primary key, owner text not null, name text not null, query text not null, saved_at timestamptz not null,
        unique (owner, name)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table saved_view');
  }
}
