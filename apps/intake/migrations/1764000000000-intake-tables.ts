import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People, manifests and their reports. Personal data stands, sealed, in returnee.details, case_feedback.body, manifest_row.told, manifest_row.refused and manifest_chunk only. */
export class IntakeTables1764000000000 implements MigrationInterface {
  name = 'IntakeTables1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Whoever registers holds this row: two manifests with one person must see each other to be called duplicates.
      create table registration_turn (id int primary key check (id = 1));
      insert into registration_turn values (1);

      create table case_number (year int primary key, last int not null);

      create table returnee (
        id uuid primary key,
        seq bigint generated always as identity,
        case_id uuid not null unique,
        case_number text not null unique,
        -- Digested under a key of the vault: found when they come again, and not read.
        external_id text not null,
        household text,
        details text not null,
        -- The consent that holds, as JSON.
        consent text not null,
        -- The consent of the last row taken over: the same row again says nothing new.
        stated text not null,
        -- Digested, as external_id.
        document_key text,
        person_key text not null,
        -- The registration and the case that stand for the same person, since operations made their cases one.
        merged_into uuid references returnee, merged_case_id uuid,
        registered_at timestamptz not null,
        updated_at timestamptz not null,
        unique (external_id)
      );
      create index returnee_by_document on returnee (document_key, seq) where document_key is not null;
      create index returnee_by_person on returnee (person_key, seq);
      create index returnee_by_household on returnee (household) where household is not null;

      -- Sending authorities that have named a returnee: an authority's own login sees these and no others.
      create table returnee_authority (
        returnee_id uuid not null references returnee on delete cascade, authority text not null,
        primary key (returnee_id, authority)
      );

      -- Every word on consent, whether it came to hold or not: who said what, when, and by which way we heard.
      create table consent_given (
        returnee_id uuid not null references returnee,
        seq bigint generated always as identity,
        consent text not null,
        source text not null check (source in ('manifest', 'interface', 'restored')),
        held boolean not null,
        received_at timestamptz not null,
        -- The same word heard again is no other word.
        primary key (returnee_id, consent)
      );

      -- Restored by what the coordinator knows, which is all but what the sender calls them (external_id: lost:<id>): a row
      -- of theirs is known by document, or names and birth date, and gives them their name back.
      create table reference_lost (returnee_id uuid primary key references returnee);

      create index returnee_by_seq on returnee (seq);
      create index returnee_by_survivor on returnee (merged_into) where merged_into is not null;

      -- By what two registrations meet (blocking.ts): keyed hashes. seq is the returnee's.
      create table duplicate_key (key bigint not null, seq bigint not null, primary key (key, seq));
      create index duplicate_key_by_seq on duplicate_key (seq);

      create table duplicate_pair (
        newer_id uuid not null references returnee, older_id uuid not null references returnee,
        ground text not null, score int not null, found_at timestamptz not null,
        primary key (newer_id, older_id)
      );
      create index duplicate_pair_by_older on duplicate_pair (older_id);

      -- Who looked for a person, by what, and how many cases they were shown; not whom they looked for.
      create table person_search (
        seq bigint generated always as identity primary key, at timestamptz not null,
        by_subject text not null, by_name text not null, fields text[] not null, found int not null
      );

      create table manifest (
        id uuid primary key,
        status text not null check (status in ('receiving', 'processing', 'done', 'failed')),
        received_at timestamptz not null, finished_at timestamptz,
        -- Whose login sent it; null: somebody who registers for all.
        authority text,
        bytes bigint not null default 0,
        lines int not null default 0,
        -- The last physical line whose record is in the report: where a restart goes on.
        through_line int not null default 0,
        created int not null default 0, updated int not null default 0,
        unchanged int not null default 0, rejected int not null default 0,
        -- Until then its refused rows can be had, to be corrected and sent again.
        refused_until timestamptz
      );
      create index manifest_with_refused on manifest (refused_until) where refused_until is not null;
      create index manifest_unfinished on manifest (id) where status in ('receiving', 'processing');

      -- The file as received, until its report is complete.
      create table manifest_chunk (
        manifest_id uuid not null references manifest on delete cascade, position int not null, body bytea not null,
        primary key (manifest_id, position)
      );

      create table manifest_row (
        manifest_id uuid not null references manifest on delete cascade, line int not null,
        -- Digested, as in returnee; told: a rejected row's, sealed.
        external_id text, told text, result text not null, returnee_id uuid,
        -- A rejected row's cells, sealed as the file was.
        refused text,
        -- Digested, as in returnee: whose row it may be, should that person be erased meanwhile.
        refused_keys text[],
        primary key (manifest_id, line)
      );
      create index manifest_row_refused on manifest_row using gin (refused_keys) where refused_keys is not null;
      create index manifest_row_by_external_id on manifest_row (manifest_id, external_id)
        where result <> 'rejected';

      create table manifest_error (
        manifest_id uuid not null references manifest on delete cascade, line int not null, position int not null,
        column_name text, code text not null, message text not null,
        primary key (manifest_id, line, position)
      );

      create table case_feedback (key text primary key, version int not null, body text not null);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table person_search, case_feedback, manifest_error, manifest_row, manifest_chunk, manifest, duplicate_pair, duplicate_key, reference_lost, consent_given, returnee_authority, returnee,
        case_number, registration_turn`);
  }
}
