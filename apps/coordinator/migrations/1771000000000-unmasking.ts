import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Unmasking1771000000000 implements MigrationInterface {
  name = 'Unmasking1771000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Until when a lead (the token's subject) is shown what is restricted in a case. Why stands in the audit.
      create table unmasking (
        case_id text not null, subject text not null, until timestamptz not null, primary key (case_id, subject)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table unmasking');
  }
}
