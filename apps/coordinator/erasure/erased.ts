/**
 * What was erased, kept beside the cases and not in the vault: a vault restored from an older copy has the keys again that
 * were destroyed since.
 */
import type { KeyVault } from '@retorno/messaging';
import type { EntityManager } from 'typeorm';

/** Erasures looked at in one go. */
const AT_ONCE = 200;

/** Keeps the subjects whose keys this transaction destroys. */
export async function keepErasure(tx: EntityManager, subjects: readonly string[], now: Date): Promise<void> {
  await tx.query('insert into erased (subjects, at) values ($1, $2)', [subjects, now]);
}

/**
 * Repeats the erasures that the vault does not know of. A restored vault lacks the newest ones, so this goes back from
 * those until it knows all of some hundred: ordinarily that is the first look. In one transaction, for it would end too
 * early when it was interrupted and begun anew. Gives how many subjects were known again.
 */
export async function repeatErasures(tx: EntityManager, vault: KeyVault): Promise<number> {
  let total = 0;
  for (let before: string | null = null; ;) {
    const rows: { id: string; subjects: string[] }[] = await tx.query(
      `select id, subjects from erased where $1::bigint is null or id < $1 order by id desc limit ${AT_ONCE}`,
      [before],
    );
    if (rows.length === 0) return total;
    const again = await vault.eraseAgain(
      tx,
      rows.flatMap(({ subjects }) => subjects),
    );
    if (again === 0) return total;
    total += again;
    before = rows.at(-1)!.id;
  }
}
