import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Tours1769650000000 implements MigrationInterface {
  name = 'Tours1769650000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The tour of the demonstration, by the issuer's permanent id of the person: what there was to settle when it began.
      create table tour (
        owner text primary key, began_at timestamptz not null, case_number text, had_parked boolean not null default false,
        agency text, dismissed boolean not null default false
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table tour');
  }
}
