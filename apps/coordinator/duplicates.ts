/** What operations decide of two cases that may be about one person: the shell of a merge, in one transaction. */
import { Injectable } from '@nestjs/common';
import { Messaging, type UnitOfWork } from '@retorno/messaging';
import { problem } from '@retorno/service';
import type { CaseState } from './case';
import { CaseQueries } from './case-queries';
import { Casework, loadsOf, refused } from './casework';
import { Refusal } from './decide';
import { changedFields, mergedRecord } from './disclosure';
import { keyOf } from './escalations';
import type { Asked } from './inputs';
import { isPairDecided } from './merged-cases';
import { elderOf } from './merging';
import { caseStore, personStore } from './stores';
import { isSuspected, mergedIds, suspectedIn } from './suspicions';

@Injectable()
export class Duplicates {
  constructor(
    private readonly messaging: Messaging,
    private readonly queries: CaseQueries,
    private readonly casework: Casework,
  ) {}

  /** Two people: the suspicion ends, and never comes again. Throws problem 409 when nobody suspects them. */
  async different(one: string, other: string, asked: Asked): Promise<string> {
    const [a, b] = await this.pair(one, other);
    await this.together(a, b, (unit, states) => {
      const [mine, theirs] = states;
      const sides = [
        { state: mine, others: [theirs.id, ...mergedIds(theirs)] },
        { state: theirs, others: [mine.id, ...mergedIds(mine)] },
      ].filter(({ state, others }) => isSuspected(state, others));
      if (sides.length === 0) {
        throw new Refusal('not-suspected', 'No open escalation says that these are one person.', []);
      }
      for (const { state, others } of sides) {
        this.casework.decide(unit, state.id, { type: 'different', others, ...asked });
      }
      return Promise.resolve();
    });
    return a;
  }

  /** One person: one case goes on, the one opened first or the one named. Gives its id. Throws problem 404 or 409. */
  async same(one: string, other: string, asked: Asked, into?: string): Promise<string> {
    const [a, b] = await this.pair(one, other);
    const named = into === undefined ? undefined : await this.queries.survivorOf(into);
    if (named !== undefined && named !== a && named !== b) {
      throw problem(422, 'bad-survivor', 'into must be one of the two cases.');
    }
    let survivor = a;
    await this.together(a, b, async (unit, [mine, theirs]) => {
      survivor = named ?? elderOf(mine, theirs).id;
      await this.merge(
        unit,
        ...(survivor === mine.id ? ([mine, theirs] as const) : ([theirs, mine] as const)),
        asked,
      );
    });
    return survivor;
  }

  private async merge(unit: UnitOfWork, into: CaseState, from: CaseState, asked: Asked): Promise<void> {
    const others: string[] = [];
    for (const id of suspectedIn(from)) if (await isPairDecided(unit, into.id, id)) others.push(id);
    const person = unit.get(personStore, into.id);
    const theirs = unit.get(personStore, from.id)?.record;
    // Before anything is asked for: what goes out now carries what is known of the person now.
    if (person && theirs)
      unit.set(personStore, into.id, { ...person, record: mergedRecord(person.record, theirs) });
    this.casework.decide(unit, from.id, { type: 'merge-into', other: into, ...asked });
    this.casework.decide(unit, into.id, { type: 'merge-from', other: from, others, ...asked });
    const record = unit.get(personStore, into.id)?.record;
    if (person && theirs && record) {
      const along = new Set(from.referrals.map((r) => r.id));
      const { casework } = this;
      casework.tellChanges(unit, into.id, changedFields(person.record, record), {
        among: (r) => !along.has(r.id),
      });
      casework.tellChanges(unit, into.id, changedFields(theirs, record), { among: (r) => along.has(r.id) });
    }
    const merged = unit.get(caseStore, into.id)?.state;
    if (merged) await moveOwners(unit, from, into, merged);
  }

  /** The two cases by ids or numbers, each as the one that it was merged into. Throws problem 404 or 409. */
  private async pair(one: string, other: string): Promise<[string, string]> {
    const [a, b] = await Promise.all([one, other].map((id) => this.queries.survivorOf(id)));
    if (a === b) throw problem(409, 'same-case', 'These are one case already.', { possible: [] });
    return [a!, b!];
  }

  private async together(
    a: string,
    b: string,
    decide: (unit: UnitOfWork, states: readonly [CaseState, CaseState]) => Promise<void>,
  ): Promise<void> {
    try {
      await this.messaging.command([...loadsOf(a), ...loadsOf(b)], async (unit) => {
        const [mine, theirs] = [a, b].map((id) => unit.get(caseStore, id)?.state);
        if (!mine || !theirs) throw new Refusal('unknown-case', 'There is no such case.');
        await decide(unit, [mine, theirs]);
      });
    } catch (error) {
      if (error instanceof Refusal) throw refused(error);
      throw error;
    }
  }
}

/** Whose an escalation was and what they noted goes along with it. */
async function moveOwners(
  unit: UnitOfWork,
  from: CaseState,
  into: CaseState,
  merged: CaseState,
): Promise<void> {
  const known = new Set(into.escalations.map((e) => e.id));
  const raised = merged.escalations.filter((e) => !known.has(e.id));
  const moved = from.escalations.flatMap((was) => {
    const is = was.resolvedAt ? undefined : raised.find((e) => keyOf(e) === keyOf(was));
    return is ? [{ was: was.id, is: is.id }] : [];
  });
  if (moved.length === 0) return;
  await unit.tx.query(
    `insert into escalation_owner (escalation_id, owner, note, claimed_at)
     select m.now_id, o.owner, o.note, o.claimed_at
     from unnest($1::text[], $2::text[]) as m(was_id, now_id) join escalation_owner o on o.escalation_id = m.was_id
     on conflict do nothing`,
    [moved.map((m) => m.was), moved.map((m) => m.is)],
  );
}
