/** What the coordinator tells intake of a case (cases.feedback.v1). */
import { Type } from 'typebox';
import { declareEvent, type DataOf } from './event';
import { DOCUMENT_TYPES, Instant, codes } from './vocabulary';

/** An agency issued a document: intake keeps it with the person. */
export const DocumentObtained = declareEvent(
  'document-obtained',
  1,
  Type.Object({
    documentType: codes(DOCUMENT_TYPES),
    documentNumber: Type.String(),
    at: Instant,
    /** The number that was told before was wrong: this one takes its place. */
    corrected: Type.Optional(Type.Boolean()),
  }),
  { personal: ['documentNumber'] },
);
export type DocumentObtained = DataOf<typeof DocumentObtained>;

/** What became of a request to erase: done, or nothing was erased, for the case is open or under legal hold. */
export const ErasureDecided = declareEvent(
  'erasure-decided',
  1,
  Type.Object({ result: codes(['erased', 'case-open', 'legal-hold'] as const), at: Instant }),
);
export type ErasureDecided = DataOf<typeof ErasureDecided>;

/** The case ended (or `status: open`: was reopened). */
export const CaseEnded = declareEvent(
  'case-ended',
  1,
  Type.Object({ status: codes(['completed', 'closed', 'open'] as const), at: Instant }),
);
export type CaseEnded = DataOf<typeof CaseEnded>;

/** The case was merged into another one of the same person: what is heard of the returnee from now on concerns that one. */
export const CasesMerged = declareEvent(
  'cases-merged',
  1,
  Type.Object({ into: Type.String(), intoNumber: Type.String(), at: Instant }),
);
export type CasesMerged = DataOf<typeof CasesMerged>;
