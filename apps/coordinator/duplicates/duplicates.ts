/** What operations decide of two cases that may be about one person: the shell of a merge, in one transaction, or of its rehearsal. */
import { Injectable } from '@nestjs/common';
import { CASES_TOPIC } from '@retorno/contracts';
import { Messaging, type UnitOfWork } from '@retorno/messaging';
import { problem } from '@retorno/service';
import type { CaseState } from '../saga/case';
import { CaseQueries } from '../cases/case-queries';
import { Casework, loadsOf, refused } from '../casework/casework';
import { Refusal } from '../saga/decide';
import { CatalogueShelf } from '../casework/catalogues';
import { changedFields, mergedRecord } from '../saga/disclosure';
import { keyOf } from '../saga/escalations';
import type { Asked } from '../saga/inputs';
import { isPairDecided } from '../casework/merged-cases';
import { previewOf, type MergePreview, type Told } from './merge-preview';
import { elderOf } from '../saga/merging';
import { caseStore, personStore } from '../casework/stores';
import { isSuspected, mergedIds, suspectedIn } from '../saga/suspicions';

/** Two cases to be made one. */
interface Merge {
  /** The case that goes on; default: the one opened first. */
  readonly into?: string | undefined;
  /** Fingerprint of the preview that was seen: what has changed since is refused. */
  readonly seen?: string | undefined;
}

/** Ends a transaction so that nothing of it stays. */
class Rehearsed extends Error {
  constructor(readonly preview: MergePreview) {
    super('only rehearsed');
  }
}

/** Of whom nothing is written down: a rehearsal is nobody's decision. */
const NOBODY: Asked = { note: '', by: '' };

@Injectable()
export class Duplicates {
  constructor(
    private readonly messaging: Messaging,
    private readonly queries: CaseQueries,
    private readonly casework: Casework,
    private readonly catalogues: CatalogueShelf,
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

  /** One person: one case goes on. Gives its id. Throws problem 404 or 409. */
  async same(one: string, other: string, asked: Asked, merge: Merge = {}): Promise<string> {
    return (await this.merging(one, other, asked, merge, () => undefined)).into.id;
  }

  /** What `same` would do now, to the last referral: it is done and taken back. Throws what `same` would throw. */
  async preview(one: string, other: string, into?: string): Promise<MergePreview> {
    try {
      return await this.merging(one, other, NOBODY, { into }, (preview) => {
        throw new Rehearsed(preview);
      });
    } catch (error) {
      if (error instanceof Rehearsed) return error.preview;
      throw error;
    }
  }

  private async merging(
    one: string,
    other: string,
    asked: Asked,
    { into, seen }: Merge,
    done: (preview: MergePreview) => void,
  ): Promise<MergePreview> {
    const [a, b] = await this.pair(one, other);
    const named = into === undefined ? undefined : await this.queries.survivorOf(into);
    if (named !== undefined && named !== a && named !== b) {
      throw problem(422, 'bad-survivor', 'into must be one of the two cases.');
    }
    return this.together(a, b, async (unit, [mine, theirs]) => {
      const isMine = (named ?? elderOf(mine, theirs).id) === mine.id;
      const preview = await this.merge(unit, isMine ? mine : theirs, isMine ? theirs : mine, asked);
      if (seen !== undefined && seen !== preview.fingerprint) {
        throw new Refusal(
          'changed-meanwhile',
          'One of the cases has changed since: look at what would be done now.',
          [],
        );
      }
      done(preview);
      return preview;
    });
  }

  private async merge(
    writing: UnitOfWork,
    into: CaseState,
    from: CaseState,
    asked: Asked,
  ): Promise<MergePreview> {
    const told: Told[] = [];
    const unit = noting(writing, told);
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
    const merged = unit.get(caseStore, into.id)!.state;
    await moveOwners(unit, from, into, merged);
    const left = unit.get(caseStore, from.id)!.state;
    return previewOf(
      { before: into, after: merged },
      { before: from, after: left },
      {
        fields: person && record ? changedFields(person.record, record) : [],
        told,
        catalogues: this.catalogues.current(),
      },
    );
  }

  /** The two cases by ids or numbers, each as the one that it was merged into. Throws problem 404 or 409. */
  private async pair(one: string, other: string): Promise<[string, string]> {
    const [a, b] = await Promise.all([one, other].map((id) => this.queries.survivorOf(id)));
    if (a === b) throw problem(409, 'same-case', 'These are one case already.', { possible: [] });
    return [a!, b!];
  }

  private async together<T>(
    a: string,
    b: string,
    decide: (unit: UnitOfWork, states: readonly [CaseState, CaseState]) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.messaging.command([...loadsOf(a), ...loadsOf(b)], async (unit) => {
        const [mine, theirs] = [a, b].map((id) => unit.get(caseStore, id)?.state);
        if (!mine || !theirs) throw new Refusal('unknown-case', 'There is no such case.');
        return decide(unit, [mine, theirs]);
      });
    } catch (error) {
      if (error instanceof Refusal) throw refused(error);
      throw error;
    }
  }
}

/** The same unit, noting what agencies are told of which referral. */
function noting(unit: UnitOfWork, told: Told[]): UnitOfWork {
  return {
    now: unit.now,
    tx: unit.tx,
    keyring: unit.keyring,
    get: (store, key) => unit.get(store, key),
    set: (store, key, state) => unit.set(store, key, state),
    load: (wanted) => unit.load(wanted),
    publish: (event) => {
      const { referralId } = event.data as { referralId?: string };
      const isTold = referralId !== undefined && event.topic !== CASES_TOPIC;
      if (isTold) told.push({ referralId, type: nameOf(event.contract.type) });
      unit.publish(event);
    },
    afterCommit: (fn) => unit.afterCommit(fn),
  };
}

/** `referral-requested` of `retorno.referral-requested.v1` */
function nameOf(type: string): string {
  return type.replace(/^retorno\.|\.v\d+$/g, '');
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
