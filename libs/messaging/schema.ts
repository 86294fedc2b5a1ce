/** The tables that messaging keeps in each service's own schema. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Messaging1700000000000 implements MigrationInterface {
  name = 'Messaging1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Updating a head takes the stream's lock and hands out a gap-free key_seq: a rollback undoes it.
      create table stream_head (
        topic text not null, key text not null, next_seq bigint not null,
        -- Short name of the stream in this schema.
        stream bigint generated always as identity unique,
        primary key (topic, key)
      ) with (fillfactor = 70);

      -- Every event written, for sending again with the same ids. The body stands here once, without what the columns
      -- and its type say: half of what is written to disk is this table.
      create table event (
        stream bigint not null, key_seq bigint not null, at timestamptz not null default now(), body text not null,
        primary key (stream, key_seq)
      );

      -- Events come in the order of their time, so that a few pages tell which are old.
      create index event_age on event using brin (at);

      -- For people and checks.
      create view event_log as
        select topic, key, key_seq, at,
          (body::jsonb || jsonb_build_object('partitionkey', key, 'keyseq', key_seq))::text as envelope
        from stream_head join event using (stream);

      -- What the transport has not acknowledged yet: a row per transaction, with the range that it wrote of each stream.
      create table outbox (
        id bigint generated always as identity primary key,
        streams bigint[] not null, firsts bigint[] not null, counts int[] not null,
        events int not null, at timestamptz not null default now()
      ) with (toast_tuple_target = 8160);

      -- digest: a hash chained over the ids of the handled events, so that a checker can prove "each once, in order"
      -- against the writer's log without a row per event on the reading side.
      create table stream_cursor (
        consumer text not null, topic text not null, key text not null,
        last_seq bigint not null, digest text not null,
        -- Where the batch that moved it found it: an upsert can only compare with a column.
        read_seq bigint not null default 0,
        -- When the newest handled event was written, ms: what is newer is no event that comes again.
        newest bigint not null default 0,
        primary key (consumer, topic, key)
      ) with (fillfactor = 70);

      -- Events that came before the ones they follow.
      create table held (
        consumer text not null, topic text not null, key text not null, key_seq bigint not null,
        envelope text not null, held_at timestamptz not null default now(), asked_at timestamptz,
        primary key (consumer, topic, key, key_seq)
      );

      -- A stream's first row is the event that could not be handled; the others wait behind it (cause is null).
      create table parked (
        id uuid not null default gen_random_uuid() unique,
        consumer text not null, topic text not null, key text not null, key_seq bigint not null,
        envelope text not null, parked_at timestamptz not null,
        cause text, attempts int not null default 0, next_try_at timestamptz,
        -- Who looks into it, of the row that holds the others up; it goes with the row.
        claimed_by text, claim_note text, claimed_at timestamptz,
        primary key (consumer, topic, key, key_seq)
      );

      -- Parked events that a person changed before they were handled: as they were, as they became, who and why. The
      -- writer's log is as it was. Rows are added and never changed.
      create table edited (
        id uuid primary key default gen_random_uuid(), consumer text not null, topic text not null, key text not null,
        key_seq bigint not null, original text not null, edited text not null, cause text, reason text not null,
        edited_by text not null, edited_at timestamptz not null
      );
      create function edits_are_kept() returns trigger language plpgsql as $$
      begin
        raise exception 'rows of edited are added and never changed' using errcode = 'insufficient_privilege';
      end $$;
      create trigger edits_are_kept before update or delete or truncate on edited execute function edits_are_kept();

      -- Parked streams that are handled again one after the other, at a pace. No ended_at: it is under way, worked on by
      -- whoever holds it until claimed_until.
      create table redrive_job (
        id uuid primary key default gen_random_uuid(), consumer text not null, cause text, per_second float8 not null,
        started_by text not null, started_at timestamptz not null,
        state text not null default 'running', ended_by text, ended_at timestamptz,
        owner uuid, claimed_until timestamptz
      );
      -- The streams of a job, in its order. No outcome: its turn has still to come.
      create table redrive_stream (
        job uuid not null references redrive_job on delete cascade, place int not null,
        consumer text not null, topic text not null, key text not null,
        outcome text, cause text, handled int not null default 0,
        primary key (job, place)
      );
      -- A stream waits in one job at a time.
      create unique index redrive_stream_waiting on redrive_stream (consumer, topic, key) where outcome is null;

      create table skipped (
        id uuid primary key, consumer text not null, topic text not null, key text not null,
        key_seq bigint not null, envelope text not null, cause text, reason text not null,
        skipped_by text not null, skipped_at timestamptz not null
      );

      create table timer (
        name text not null, key text not null, due_at timestamptz not null,
        generation bigint not null default 1, claimed_until timestamptz,
        attempts int not null default 0, cause text,
        primary key (name, key)
      ) with (fillfactor = 70);
      create index timer_due on timer (due_at);

      -- Parts of our own streams that a reader has handled and this database, restored from an older copy, lacks.
      create table lost (
        topic text not null, key text not null, from_seq bigint not null, to_seq bigint not null,
        reader text not null, found_at timestamptz not null default now(), healed_at timestamptz,
        primary key (topic, key, from_seq)
      );

      -- When a reader of one of our topics last said how far it is, and what differed was put right: the instances of a
      -- service start by themselves, and only one of them hears it.
      create table heard (reader text not null, topic text not null, at timestamptz not null, primary key (reader, topic));

      -- What this service reads and wants from the first event: a stream, or with no key a whole topic.
      create table replay_wanted (
        topic text not null, key text not null default '', id text not null, asked_at timestamptz,
        primary key (topic, key)
      );

      -- Streams of ours that are to be sent again from a place on.
      create table send_again (stream bigint primary key, from_seq bigint not null);

      create table lease (name text primary key, owner text not null, until timestamptz not null);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop view event_log;
       drop table lease, heard, lost, send_again, replay_wanted, timer, redrive_stream, redrive_job, edited, skipped, parked, held, stream_cursor, outbox,
         event, stream_head;
       drop function edits_are_kept()`,
    );
  }
}
