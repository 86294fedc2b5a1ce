/** The one place where keys live: a schema of the database that services reach through its functions only. */
import type { ClientBase } from 'pg';

/** Name of the schema. Left out of ordinary backups: see docs/how-to/erase-a-person.md. */
const SCHEMA = 'vault';

/**
 * Makes the schema, or brings its functions up to date; it belongs to the role that runs this. `role`: gets the use of
 * the functions, which look at who is logged in (session_user, which no SET ROLE changes).
 */
export async function installVault(client: Pick<ClientBase, 'query'>, role?: string): Promise<void> {
  await client.query('begin');
  try {
    await client.query(`select pg_advisory_xact_lock(hashtext('retorno-vault'))`);
    await client.query(SQL);
    if (role !== undefined) await client.query(`grant usage on schema ${SCHEMA} to "${role}"`);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    if ((error as { code?: string }).code === '42501') throw new Error(NOT_OURS, { cause: error });
    throw error;
  }
}

const NOT_OURS =
  'the schema vault cannot be made, or belongs to another role: provision as the role that owns it, ' +
  'or as one that may create schemas';

const SQL = `
  create schema if not exists vault;

  -- A row stays when its key is destroyed: no second key is ever made for the subject.
  create table if not exists vault.subject_key (
    subject text primary key,
    wrapped bytea,
    held boolean not null default false,
    erased_at timestamptz,
    check ((wrapped is null) = (erased_at is not null))
  );

  -- Whoever may act as the schema's owner: an operator, or a service that runs alone on a database of its own.
  create or replace function vault.is_owner() returns boolean
  language sql stable set search_path = pg_catalog
  as $$ select pg_has_role(session_user, nspowner, 'member') from pg_namespace where nspname = 'vault' $$;

  -- An agency has its own space; 'case' is shared by intake and the coordinator, who knows every agency's references.
  create or replace function vault.assert_own(subjects text[]) returns void
  language plpgsql stable set search_path = pg_catalog
  as $$ begin
    if exists (
      select from (select distinct split_part(s, '/', 1) as space from unnest(subjects) as s) as used
      where not (case
        when space = 'case' then session_user in ('retorno_intake', 'retorno_coordinator')
        when session_user = 'retorno_coordinator' then space <> 'intake'
        else session_user = 'retorno_' || replace(space, '-', '_') end)
    ) and not vault.is_owner() then
      raise exception 'a subject of another service' using errcode = 'insufficient_privilege';
    end if;
  end $$;

  -- One subject a line. With proposals (base64, in their order), subjects without a key get theirs; whoever comes second
  -- gets the first one's.
  create or replace function vault.keys(lines text, proposals text)
  returns table (subject text, wrapped bytea)
  language plpgsql security definer set search_path = pg_catalog
  as $$
  declare subjects text[] := string_to_array(lines, E'\\n');
  begin
    perform vault.assert_own(subjects);
    if proposals is not null then
      insert into vault.subject_key as k (subject, wrapped)
      select s, decode(p, 'base64')
      from rows from (unnest(subjects), string_to_table(proposals, E'\\n')) as x(s, p) order by s
      on conflict do nothing;
    end if;
    return query select k.subject, k.wrapped from vault.subject_key k where k.subject = any(subjects);
  end $$;

  -- Leaves a mark for each subject and no key. Gives how many were not marked before.
  create or replace function vault.destroy(subjects text[]) returns int
  language plpgsql set search_path = pg_catalog
  as $$
  declare marked int;
  begin
    insert into vault.subject_key as k (subject, wrapped, erased_at)
    select distinct s, null::bytea, now() from unnest(subjects) as s order by s
    on conflict on constraint subject_key_pkey do update set wrapped = null, held = false, erased_at = now()
    where k.erased_at is null;
    get diagnostics marked = row_count;
    return marked;
  end $$;
  revoke all on function vault.destroy from public;

  -- Destroys keys, or none when one of the subjects is held.
  create or replace function vault.erase(subjects text[]) returns boolean
  language plpgsql security definer set search_path = pg_catalog
  as $$ begin
    perform vault.assert_own(subjects);
    if session_user not in ('retorno_intake', 'retorno_coordinator') and not vault.is_owner() then
      raise exception 'no service but these may erase' using errcode = 'insufficient_privilege';
    end if;
    perform from vault.subject_key k where k.subject = any(subjects) order by k.subject for update;
    if exists (select from vault.subject_key k where k.subject = any(subjects) and held) then return false; end if;
    perform vault.destroy(subjects);
    return true;
  end $$;

  -- Of subjects that were erased, whatever this copy of the vault says of holds: a hold ended before the erasure.
  create or replace function vault.erase_again(subjects text[]) returns int
  language plpgsql security definer set search_path = pg_catalog
  as $$ begin
    if session_user <> 'retorno_coordinator' and not vault.is_owner() then
      raise exception 'no service but the coordinator may erase again' using errcode = 'insufficient_privilege';
    end if;
    return vault.destroy(subjects);
  end $$;

  -- False when there is no key any more, or never was.
  create or replace function vault.hold(of text, held boolean) returns boolean
  language plpgsql security definer set search_path = pg_catalog
  as $$ begin
    perform vault.assert_own(array[of]);
    if session_user <> 'retorno_intake' and not vault.is_owner() then
      raise exception 'no service but intake may hold' using errcode = 'insufficient_privilege';
    end if;
    update vault.subject_key k set held = hold.held where k.subject = hold.of and k.wrapped is not null;
    return found;
  end $$;
`;
