import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Cases1763800000000 implements MigrationInterface {
  name = 'Cases1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The saga's state and what lists of cases need. No personal data.
      create table case_file (
        key text primary key, version int not null, body text not null,
        number text collate "C" not null unique, status text not null,
        opened_at timestamptz not null, closed_at timestamptz,
        unoffered text[] not null,
        follow_up date, followed_up int2 not null default 0
      ) with (fillfactor = 60);
      create index case_file_newest on case_file (opened_at desc, key desc);
      create index case_file_by_status on case_file (status, opened_at desc, key desc);
      create index case_file_ended on case_file (closed_at, status) where closed_at is not null;
      -- For the beginning of a number, which LIKE finds in the order of collation C.
      create index case_file_by_number on case_file (status, number);
      -- The day of arrival, while somebody is to be asked how the returnee fares. It hardly changes.
      create index case_file_follow_up on case_file (follow_up, key) where follow_up is not null;
      create index case_file_unoffered on case_file using gin (unoffered) where unoffered <> '{}';

      -- Only open cases, and only what changes with almost every answer: no index but the key, so that the row is updated
      -- in place, and narrow enough to be read whole. held_by: agencies that are paused and for which something is ready;
      -- unread: what was sent and not received, as '<agency> <instant>'; offers: what it was last planned with; agencies_due:
      -- from when each of agencies is late, '' without a deadline.
      create table open_case (
        key text primary key, number text collate "C" not null, status text not null, opened_at timestamptz not null,
        agencies text[] not null, agencies_due text[] not null, awaits text[] not null, overdue_at timestamptz,
        escalated boolean not null, held_by text[] not null, unread text[] not null,
        offers text not null default ''
      ) with (fillfactor = 70);
      -- What waits because its agency is paused, the oldest case first. It hardly changes.
      create index open_case_held on open_case (opened_at, key) where held_by <> '{}';

      -- How many cases have ended: sums over it count, since each transaction adds what it changed.
      create table ended_cases (status text not null, cases bigint not null);

      -- The one restricted table: who the returnee is, and the notes of what was decided.
      create table person (key text primary key, version int not null, body text not null)
        with (fillfactor = 80);

      create table catalogue (key text primary key, version int not null, body text not null);

      create table escalation (
        id text primary key, case_id text not null, case_number text not null,
        reason text not null, group_key text, referral_id text, detail text not null,
        status text not null, raised_at timestamptz not null, due_at timestamptz not null,
        resolved_at timestamptz, resolution text
      );
      create index escalation_open on escalation (due_at, id) where status <> 'resolved';
      -- One row for all cases with one cause, and how many they are.
      create index escalation_groups on escalation (group_key, due_at, id) where status <> 'resolved';
      create index escalation_alone on escalation (due_at, id) where status <> 'resolved' and group_key is null;
      create index escalation_reasons on escalation (reason, group_key, case_id) where status <> 'resolved';
      create index escalation_by_case on escalation (case_id);
      create index escalation_resolved on escalation (resolved_at) where status = 'resolved';

      -- Who took it and what they noted; kept apart because names and notes are nobody else's business.
      create table escalation_owner (
        escalation_id text primary key, owner text, note text, claimed_at timestamptz not null
      );

      -- Every erasure: the keys that it destroyed, so that a vault restored from an older copy brings none of them back.
      create table erased (
        id bigint generated always as identity primary key, subjects text[] not null, at timestamptz not null
      );

      -- What these tables were made with and cannot be used without: a fingerprint of the pairwise key.
      create table installation (name text primary key, value text not null);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table installation, erased, escalation_owner, escalation, catalogue, person, ended_cases, open_case, case_file',
    );
  }
}
