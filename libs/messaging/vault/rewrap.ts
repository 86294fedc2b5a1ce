/** A new wrapping key takes over: every stored key is wrapped anew, while services run and read. */
import type { ClientBase } from 'pg';
import type { KeyWrapper, PlainKey, WrappedKey } from './key-wrapper';
import { SealBroken } from './seal';

/** What has become of the keys so far; of those that an erasure has destroyed nothing is counted. */
export interface Rewrapped {
  /** Wrapped anew by this run. */
  readonly done: number;
  /** Not under the wrapping key in use when the run began. */
  readonly total: number;
  /** Subjects whose key no wrapping key opens: what was sealed under it is lost, and nothing was changed. */
  readonly broken: readonly string[];
}

/** Keys of one transaction: a KMS is asked once for as many. */
const AT_ONCE = 500;
const OTHERS = 'wrapped is not null and get_byte(wrapped, 0) <> $1';

type Database = Pick<ClientBase, 'query'>;

/**
 * Wraps every key of the vault under `wrapper.version`, in transactions of 500; interrupted at any moment, the next run
 * goes on with what is left. `database` is a connection of the role that owns the schema vault. Throws when the wrapper
 * lacks a version under which keys are wrapped.
 */
export async function rewrapKeys(
  database: Database,
  wrapper: KeyWrapper,
  onProgress: (soFar: Rewrapped) => void = () => undefined,
): Promise<Rewrapped> {
  let soFar: Rewrapped = { done: 0, total: await otherwiseWrapped(database, wrapper), broken: [] };
  for (let behind = ''; ;) {
    const page = await rewrapPage(database, wrapper, behind);
    if (!page) return soFar;
    behind = page.last;
    soFar = { ...soFar, done: soFar.done + page.done, broken: [...soFar.broken, ...page.broken] };
    onProgress(soFar);
  }
}

/** How many keys are still wrapped under another version than the one in use. */
export async function otherwiseWrapped(
  database: Database,
  { version }: Pick<KeyWrapper, 'version'>,
): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `select count(*)::int as count from vault.subject_key where ${OTHERS}`,
    [version],
  );
  return rows[0]!.count;
}

/** The next keys in the order of their subjects; undefined behind the last. An erasure under way is waited for, and stands. */
async function rewrapPage(
  database: Database,
  wrapper: KeyWrapper,
  behind: string,
): Promise<{ last: string; done: number; broken: string[] } | undefined> {
  await database.query('begin');
  try {
    const { rows } = await database.query<WrappedKey>(
      `select subject, wrapped from vault.subject_key where subject > $2 and ${OTHERS}
       order by subject limit ${AT_ONCE} for update`,
      [wrapper.version, behind],
    );
    const { plain, broken } = await opened(wrapper, rows);
    const wrapped = await wrapper.wrap(plain);
    await database.query(
      `update vault.subject_key k set wrapped = x.wrapped
       from unnest($1::text[], $2::bytea[]) as x(subject, wrapped) where k.subject = x.subject`,
      [plain.map(({ subject }) => subject), wrapped],
    );
    await database.query('commit');
    const last = rows.at(-1)?.subject;
    return last === undefined ? undefined : { last, done: plain.length, broken };
  } catch (error) {
    await database.query('rollback');
    throw error;
  }
}

/** One key that was damaged must not keep all others under the old wrapping key. */
async function opened(
  wrapper: KeyWrapper,
  keys: readonly WrappedKey[],
): Promise<{ plain: PlainKey[]; broken: string[] }> {
  try {
    const unwrapped = await wrapper.unwrap(keys);
    return { plain: keys.map(({ subject }, i) => ({ subject, key: unwrapped[i]! })), broken: [] };
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    if (keys.length === 1) return { plain: [], broken: [keys[0]!.subject] };
    const half = Math.ceil(keys.length / 2);
    const [a, b] = [await opened(wrapper, keys.slice(0, half)), await opened(wrapper, keys.slice(half))];
    return { plain: [...a.plain, ...b.plain], broken: [...a.broken, ...b.broken] };
  }
}
