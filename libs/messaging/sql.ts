/** The little that stands between set-based SQL and TypeORM's transactions. */
import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { EntityManager } from 'typeorm';
import { withLiteral } from './array-literal';

const names = new Map<string, string>();

/**
 * Runs a statement of the hot path inside a transaction, parsed and planned once per connection: that was a quarter of
 * PostgreSQL's time and 0.6 ms of Node's per case. TypeORM cannot name statements, so this asks its connection.
 */
export async function prepared<Row extends object>(
  tx: EntityManager,
  sql: string,
  params: unknown[],
): Promise<{ rows: Row[]; count: number }> {
  let name = names.get(sql);
  if (name === undefined) names.set(sql, (name = `retorno-${createHash('sha1').update(sql).digest('hex')}`));
  const client = (await tx.queryRunner!.connect()) as ClientBase;
  const { rows, rowCount } = await client.query<Row>({ name, text: sql, values: params.map(withLiteral) });
  return { rows, count: rowCount ?? 0 };
}

/** The same for a statement that may also run outside a transaction. */
export async function query<Row extends object>(
  tx: EntityManager,
  sql: string,
  params: unknown[],
): Promise<{ rows: Row[] }> {
  return tx.queryRunner ? prepared<Row>(tx, sql, params) : { rows: (await tx.query(sql, params)) as Row[] };
}

/** Something else changed the same rows first; the same work done again will see it. */
export class ConcurrentChange extends Error {
  constructor(what: string) {
    super(`${what} changed at the same time`);
    this.name = 'ConcurrentChange';
  }
}

/** Throws ConcurrentChange when fewer rows were written than expected: the transaction must not commit. */
export function expectRows(what: string, written: number, expected: number): void {
  if (written !== expected) throw new ConcurrentChange(what);
}

// https://www.postgresql.org/docs/18/errcodes-appendix.html: connection, transaction rollback, resources, shutdown.
const TRANSIENT_CLASSES = ['08', '40', '53', '55', '57', '58'];
/** Read-only: the former leader of a failover, or a database that an operator protects for a while. */
const READ_ONLY = '25006';
const TRANSIENT_SYSTEM = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);

/** True when the same work may succeed later without any change: the database's trouble, not the message's. */
export function isTransient(error: unknown): boolean {
  if (error instanceof ConcurrentChange) return true;
  const code = sqlState(error);
  if (code === undefined) {
    const message = error instanceof Error ? error.message : '';
    return /Connection terminated|timeout exceeded when trying to connect|Client has encountered/.test(
      message,
    );
  }
  return TRANSIENT_SYSTEM.has(code) || TRANSIENT_CLASSES.includes(code.slice(0, 2)) || code === READ_ONLY;
}

/** True when the database surely undid the work because other work came first: doing it again cannot do it twice. */
export function isLostRace(error: unknown): boolean {
  const code = sqlState(error);
  // 40003: nobody knows whether the statement completed.
  return error instanceof ConcurrentChange || (code !== undefined && /^40(?!003)/.test(code));
}

/** Does work again at once while its error says that another try may succeed. */
export async function retried<T>(
  work: () => Promise<T>,
  mayRetry: (error: unknown) => boolean,
  tries: number,
  onRetry?: () => void,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= tries || !mayRetry(error)) throw error;
      onRetry?.();
    }
  }
}

/** An error as it may be shown and stored: never a database's message, which quotes values. */
export function causeOf(error: unknown): string {
  const code = sqlState(error);
  if (code !== undefined) {
    const at = error as {
      constraint?: string;
      table?: string;
      driverError?: { constraint?: string; table?: string };
    };
    const where = at.driverError?.constraint ?? at.constraint ?? at.driverError?.table ?? at.table;
    return `database error ${code}${where ? ` at ${where}` : ''}`;
  }
  if (!(error instanceof Error)) return 'unknown error';
  // What could not be parsed is quoted in the message.
  if (error.name === 'SyntaxError') return 'SyntaxError';
  return `${error.name}: ${error.message}`.slice(0, 500);
}

function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown; driverError?: { code?: unknown } } | null)?.driverError?.code;
  const direct = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return code;
  return typeof direct === 'string' ? direct : undefined;
}
