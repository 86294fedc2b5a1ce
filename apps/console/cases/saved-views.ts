/**
 * Filters that somebody keeps under a name of their own, for themselves or for everybody who sees the list. They hold no
 * personal data: a filter has none.
 */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { problem, type Caller } from '@retorno/service';
import { DataSource } from 'typeorm';

/** So many of each kind for one person; of more, the last ones saved stay. */
const MOST_VIEWS = 30;
const MOST_CHARACTERS = 60;
/** So many that are shared are listed. */
const MOST_SHARED = 100;

export interface SavedView {
  readonly id: string;
  readonly name: string;
  /** The query of the list's address. */
  readonly query: string;
  /** Everybody sees it. */
  readonly shared: boolean;
  /** Who made it, as staff know them; null when that is who looks. */
  readonly by: string | null;
}

@Injectable()
export class SavedViews {
  constructor(private readonly dataSource: DataSource) {}

  /** Somebody's own, then what others share, by name. */
  async of({ subject }: Caller): Promise<SavedView[]> {
    return this.dataSource.query(
      `(select id, name, query, shared, null as by from saved_view where owner = $1 order by name)
       union all
       (select id, name, query, shared, owner_name from saved_view where shared and owner <> $1
        order by name, owner_name limit ${MOST_SHARED})`,
      [subject],
    );
  }

  /** Under a name of theirs that is there already it replaces that one. Throws problem 403: only operations share. */
  async save(caller: Caller, name: string, query: string, shared: boolean): Promise<void> {
    if (shared && !mayShare(caller)) {
      throw problem(403, 'forbidden', 'Only operations share a list with everybody.');
    }
    await this.dataSource.transaction(async (tx) => {
      await tx.query(
        `insert into saved_view (id, owner, owner_name, name, query, shared, saved_at)
         values ($1, $2, $3, $4, $5, $6, clock_timestamp())
         on conflict (owner, name) do update set query = excluded.query, shared = excluded.shared,
           owner_name = excluded.owner_name, saved_at = excluded.saved_at`,
        [randomUUID(), caller.subject, caller.name, name.slice(0, MOST_CHARACTERS), query, shared],
      );
      // What is one's own does not push out what others use.
      await tx.query(
        `delete from saved_view where id in (
           select id from saved_view where owner = $1 and shared = $2 order by saved_at desc offset ${MOST_VIEWS})`,
        [caller.subject, shared],
      );
    });
  }

  /** Throws problem 403 for a shared one of somebody else's, unless whoever asks is a lead; their private ones are unknown. */
  async forget(caller: Caller, id: string): Promise<void> {
    const rows: { owner: string; shared: boolean }[] = await this.dataSource.query(
      'select owner, shared from saved_view where id::text = $1',
      [id],
    );
    const found = rows[0];
    if (!found || (found.owner !== caller.subject && !found.shared)) return;
    if (found.owner !== caller.subject && !mayForgetOthers(caller)) {
      throw problem(403, 'forbidden', 'Only who made a shared list, or a lead, removes it.');
    }
    await this.dataSource.query('delete from saved_view where id::text = $1', [id]);
  }
}

/** Whether somebody may share a list with everybody. */
export function mayShare({ roles }: Caller): boolean {
  return roles.has('operations');
}

/** Whether somebody may remove what others share. */
export function mayForgetOthers({ roles }: Caller): boolean {
  return roles.has('operations-lead');
}
