import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Notifications1769300000000 implements MigrationInterface {
  name = 'Notifications1769300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One way to one receiver outside the screen, without its address; message: the one under way, of which there is one
      -- at most; due_at: its next try.
      create table notification_channel (
        channel text primary key, message uuid, gathered_at timestamptz, tries int not null default 0,
        due_at timestamptz, sent_at timestamptz, failing_since timestamptz, failure text
      );
      -- Which escalations a receiver was told of, by which message, and from when it is told again.
      create table notified (
        channel text not null, escalation_id text not null, message uuid not null, again_at timestamptz not null,
        primary key (channel, escalation_id)
      );
      create index notified_by_message on notified (message);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table notified, notification_channel');
  }
}
