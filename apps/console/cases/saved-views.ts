/** Filters that somebody keeps under a name of their own. They hold no personal data: a filter has none. */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** So many for one person; of more, the last ones saved stay. */
const MOST_VIEWS = 30;
const MOST_CHARACTERS = 60;

export interface SavedView {
  readonly id: string;
  readonly name: string;
  /** The query of the list's address. */
  readonly query: string;
}

@Injectable()
export class SavedViews {
  constructor(private readonly dataSource: DataSource) {}

  /** Somebody's own, by name. `owner` is the issuer's id of the person. */
  of(owner: string): Promise<SavedView[]> {
    return this.dataSource.query('select id, name, query from saved_view where owner = $1 order by name', [
      owner,
    ]);
  }

  /** Under a name that is there already it replaces that one. */
  async save(owner: string, name: string, query: string): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.query(
        `insert into saved_view (id, owner, name, query, saved_at) values ($1, $2, $3, $4, clock_timestamp())
         on conflict (owner, name) do update set query = excluded.query, saved_at = excluded.saved_at`,
        [randomUUID(), owner, name.slice(0, MOST_CHARACTERS), query],
      );
      await tx.query(
        `delete from saved_view where id in (
           select id from saved_view where owner = $1 order by saved_at desc offset ${MOST_VIEWS})`,
        [owner],
      );
    });
  }

  /** Somebody else's stays. */
  async forget(owner: string, id: string): Promise<void> {
    await this.dataSource.query('delete from saved_view where owner = $1 and id::text = $2', [owner, id]);
  }
}
