/** What intake learns back about a case, and what it may therefore keep: documents obtained, how the case stands, erasure. */
import {
  subjectOfCase,
  type CaseEnded,
  type DocumentObtained,
  type ErasureDecided,
} from '@retorno/contracts';
import { documentStore } from '@retorno/messaging';

/** Something that was decided about keeping or erasing the returnee's personal data; nothing of it is ever removed. */
export interface RetentionRecord {
  readonly at: string;
  readonly what: 'held' | 'released' | 'erasure-requested' | 'erasure-refused' | 'erased';
  /** In the words of who decided; the rule's name where none did. No personal data of the returnee. */
  readonly reason: string;
  readonly by?: string;
}

/** Kept with the person, beside what the manifest said. */
export interface CaseFeedback {
  readonly status: CaseEnded['status'];
  readonly statusAt: string | null;
  readonly documents: readonly DocumentObtained[];
  readonly retention?: readonly RetentionRecord[];
  /** Under legal hold: nothing is erased. */
  readonly held?: true;
  /** Where an erasure stands, once it was asked for. */
  readonly erasure?: 'requested' | 'erased';
  /** When erasure happens by itself; absent while the case is open. RFC 3339. */
  readonly keptUntil?: string;
}

export const feedbackStore = documentStore<CaseFeedback>({
  name: 'case-feedback',
  table: 'case_feedback',
  columns: { status: { type: 'text', of: ({ status }) => status } },
  personal: {
    properties: ['documents'],
    subject: (_open, caseId) => subjectOfCase(caseId),
    erased: (rest) => ({ ...NO_FEEDBACK, ...rest }),
  },
  dueAt: ({ keptUntil, held, erasure }) =>
    keptUntil === undefined || held || erasure ? undefined : new Date(keptUntil),
});

/** A case of which nothing was heard. */
export const NO_FEEDBACK: CaseFeedback = { status: 'open', statusAt: null, documents: [] };

const DAY_MS = 24 * 3_600_000;

/** Adds a document; the same one is kept once, and a wrong one no more. */
export function withDocument(feedback: CaseFeedback, document: DocumentObtained): CaseFeedback {
  const { documentType, documentNumber, at } = document;
  const others = feedback.documents.filter(
    (known) =>
      known.documentType !== documentType ||
      (known.documentNumber !== documentNumber && document.corrected !== true),
  );
  return { ...feedback, documents: [...others, { documentType, documentNumber, at }] };
}

/** The case ended, and its data is kept for so many days from then; or it was reopened. */
export function withStatus(feedback: CaseFeedback, ended: CaseEnded, days: number): CaseFeedback {
  const { keptUntil: _before, ...rest } = feedback;
  const now = { ...rest, status: ended.status, statusAt: ended.at };
  if (ended.status === 'open') return now;
  return { ...now, keptUntil: after(ended.at, days) };
}

function after(at: string, days: number): string {
  return new Date(Date.parse(at) + days * DAY_MS).toISOString();
}

function latest(a: string, b: string): string {
  return Date.parse(a) > Date.parse(b) ? a : b;
}

/** What the coordinator made of a request to erase. */
export function withErasure(feedback: CaseFeedback, { result, at }: ErasureDecided): CaseFeedback {
  const { erasure: _requested, keptUntil, ...rest } = feedback;
  if (result === 'erased')
    return noting({ ...rest, erasure: 'erased' }, { at, what: 'erased', reason: 'done' });
  // What its time is over for is tried again, and not at once.
  const again = keptUntil === undefined ? {} : { keptUntil: latest(keptUntil, after(at, 1)) };
  return noting({ ...rest, ...again }, { at, what: 'erasure-refused', reason: result });
}

/** Its case goes on as another: what was decided of either holds for both, in the order in which it was. */
export function joinedRetention(from: CaseFeedback, into: CaseFeedback): CaseFeedback {
  const known = into.retention ?? [];
  const more = (from.retention ?? []).filter(
    (record) => !known.some(({ at, what }) => at === record.at && what === record.what),
  );
  if (more.length === 0) return into;
  const retention = [...known, ...more].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return { ...into, retention, ...(from.held ? { held: true as const } : {}) };
}

/** Kept as long as the registration that its case went on as. */
export function keptWithAnother(feedback: CaseFeedback): CaseFeedback {
  const { keptUntil: _own, ...rest } = feedback;
  return rest;
}

/** The same with one more record. */
export function noting(feedback: CaseFeedback, record: RetentionRecord): CaseFeedback {
  return { ...feedback, retention: [...(feedback.retention ?? []), record] };
}
