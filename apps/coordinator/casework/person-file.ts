/** What is kept of the person behind a case: who they are, what was said of them in words, and the documents issued to them. */
import type { DisclosedField, DocumentObtained, ReturneeChanged } from '@retorno/contracts';
import type { UnitOfWork } from '@retorno/messaging';
import {
  changedFields,
  hasMoved,
  personRecord,
  withCertificate,
  withObtainedDocument,
  withoutObtainedDocument,
} from '../saga/disclosure';
import type { CaseFact } from '../saga/facts';
import { personStore, type FactNote, type PersonDocument } from './stores';

/** What of a person is other than before. */
export interface News {
  readonly changed: readonly DisclosedField[];
  readonly moved: boolean;
}

/** Takes in who the returnee is, as of now. Gives what differs from before. */
export function meet(unit: UnitOfWork, caseId: string, data: ReturneeChanged): News {
  const before = unit.get(personStore, caseId);
  const record = personRecord(data, before?.record);
  unit.set(personStore, caseId, { record, notes: before?.notes ?? [] });
  if (!before) return { changed: [], moved: false };
  return { changed: changedFields(before.record, record), moved: hasMoved(before.record, record) };
}

/** Keeps what may not be published: names, free text, and the numbers of documents that agencies issued. */
export function remember(unit: UnitOfWork, caseId: string, facts: readonly CaseFact[], first: number): void {
  const known = unit.get(personStore, caseId);
  if (!known) return;
  let person: PersonDocument = known;
  for (const [i, { restricted }] of facts.entries()) {
    if (!restricted) continue;
    const { document: _document, certificate, by, ...rest } = restricted;
    // A rule is no person: the fact's actor says it already.
    const words = by === undefined || by.startsWith('rule:') ? rest : { ...rest, by };
    const note: FactNote = { fact: first + i, ...words };
    if (Object.keys(words).length > 0) person = { ...person, notes: [...person.notes, note] };
    if (certificate) person = { ...person, record: withCertificate(person.record, certificate) };
  }
  if (person !== known) unit.set(personStore, caseId, person);
}

/** Takes in a document that an agency issued. */
export function obtainDocument(unit: UnitOfWork, caseId: string, document: DocumentObtained): void {
  const person = unit.get(personStore, caseId);
  if (person)
    unit.set(personStore, caseId, { ...person, record: withObtainedDocument(person.record, document) });
}

/** Forgets a document that was not issued after all. */
export function withdrawDocument(unit: UnitOfWork, caseId: string): void {
  const person = unit.get(personStore, caseId);
  if (person) unit.set(personStore, caseId, { ...person, record: withoutObtainedDocument(person.record) });
}
