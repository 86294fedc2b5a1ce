/** What happened to one case, read back from its stream, and the words that were kept beside it. */
import { Injectable } from '@nestjs/common';
import { CASES_TOPIC, type Envelope } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import { personStore, type FactNote } from './stores';

/** A fact by its place in the timeline. */
export interface StoredFact {
  readonly place: number;
  /** `referral-changed`. */
  readonly type: string;
  readonly data: { readonly at: string } & Record<string, unknown>;
}

/** A fact with the words that came with it. Restricted: for whoever opens the case. */
export interface ToldFact extends StoredFact {
  readonly note?: FactNote;
}

@Injectable()
export class CaseFacts {
  constructor(private readonly messaging: Messaging) {}

  /** The facts of a case, oldest first. */
  async of(caseId: string): Promise<StoredFact[]> {
    const rows: { key_seq: string; envelope: string }[] = await this.messaging.dataSource.query(
      'select key_seq, envelope from event_log where topic = $1 and key = $2 order by key_seq',
      [CASES_TOPIC, caseId],
    );
    return rows.map(({ key_seq, envelope }) => {
      const { type, data } = JSON.parse(envelope) as Envelope;
      const name = type.replace(/^retorno\./, '').replace(/\.v\d+$/, '');
      return { place: Number(key_seq), type: name, data: data as StoredFact['data'] };
    });
  }

  /** The facts of a case and of those that were merged into it, oldest first, with the words that were kept of each. */
  async told(caseId: string): Promise<ToldFact[]> {
    const [facts, notes] = await Promise.all([this.of(caseId), this.notesOf(caseId)]);
    const own = facts.map((fact): ToldFact => {
      const note = notes.get(fact.place);
      return note ? { ...fact, note } : fact;
    });
    const merged = facts.flatMap(({ type, data: { from } }) =>
      type === 'case-merged' && typeof from === 'string' ? [from] : [],
    );
    const theirs = await Promise.all(merged.map((id) => this.told(id)));
    // Of the same instant, what came along was there before.
    return [...theirs.flat(), ...own].sort((a, b) => Date.parse(a.data.at) - Date.parse(b.data.at));
  }

  /** Names and free text by the place of the fact that they came with. */
  private async notesOf(caseId: string): Promise<Map<number, FactNote>> {
    const rows: { key: string; body: string }[] = await this.messaging.dataSource.query(
      'select key, body from person where key = $1',
      [caseId],
    );
    const [person] = await this.messaging.read(personStore, rows);
    return new Map(person?.notes.map((note) => [note.fact, note]));
  }
}
