/** What intake learns back about a case: documents obtained, and how the case stands. */
import type { CaseEnded, DocumentObtained } from '@retorno/contracts';
import { documentStore } from '@retorno/messaging';

/** Kept with the person, beside what the manifest said. */
export interface CaseFeedback {
  status: CaseEnded['status'];
  statusAt: string | null;
  documents: DocumentObtained[];
}

export const feedbackStore = documentStore<CaseFeedback>({
  name: 'case-feedback',
  table: 'case_feedback',
  columns: { status: { type: 'text', of: ({ status }) => status } },
});

/** A case of which nothing was heard. */
export const NO_FEEDBACK: CaseFeedback = { status: 'open', statusAt: null, documents: [] };

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

/** The case ended or was reopened. */
export function withStatus(feedback: CaseFeedback, ended: CaseEnded): CaseFeedback {
  return { ...feedback, status: ended.status, statusAt: ended.at };
}
