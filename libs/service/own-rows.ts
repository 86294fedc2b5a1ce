/**
 * The second wall: what is read for a login of one agency, or of one sending authority, is read under a role of the database
 * to which the rows of all others are not there (row-level security). A forgotten condition then shows nothing of another.
 */
import type { DataSource, EntityManager } from 'typeorm';

/** Whatever runs one statement. */
export type Rows = Pick<EntityManager, 'query'>;

/** In policies and views: whose rows are there. Null, and so nobody's, unless somebody is named. */
export const WHOSE = `nullif(current_setting('retorno.whose', true), '')`;

/** A service's role. */
export function roleOf(service: string): string {
  return `retorno_${service.replaceAll('-', '_')}`;
}

/** The role under which a service reads for one owner only. It may nothing but what the service's migrations give it. */
export function ownRowsRole(service: string): string {
  return `${roleOf(service)}_own_rows`;
}

/** A service's tables, as far as somebody may see them. */
export class OwnRows {
  constructor(
    private readonly dataSource: DataSource,
    private readonly service: string,
  ) {}

  /**
   * The rows of one agency or sending authority, or everybody's where `whose` is undefined. Role and name last as long as the
   * statement's own transaction, so that no connection of the pool keeps them. Within `tx`, they end with the statement: what
   * follows is the service's again. Of a statement that fails there, nothing ends: the transaction is over.
   */
  of(whose: string | undefined, tx?: EntityManager): Rows {
    if (whose === undefined) return tx ?? this.dataSource.manager;
    const role = ownRowsRole(this.service);
    const only = async <T>(manager: EntityManager, sql: string, params?: unknown[]): Promise<T> => {
      await become(manager, role, whose);
      return manager.query<T>(sql, params);
    };
    if (!tx) {
      return {
        query: (sql, params) => this.dataSource.transaction((own) => only(own, sql, params as unknown[])),
      };
    }
    return {
      query: async <T>(sql: string, params?: unknown[] | object) => {
        const found = await only<T>(tx, sql, params as unknown[]);
        await become(tx, 'none', '');
        return found;
      },
    };
  }
}

/** Until the transaction ends, or the next call. */
async function become(tx: EntityManager, role: string, whose: string): Promise<void> {
  await tx.query(`select set_config('role', $1, true), set_config('retorno.whose', $2, true)`, [role, whose]);
}
