/**
 * How simulated agency staff decide. Every choice derives from the referral's id, so that the same referral always has
 * the same fate, also after a restart.
 */
import { createHash } from 'node:crypto';
import type { AnswerBody, RejectCode } from '@retorno/contracts';

/** A referral as an agency's worklist shows it; only what staff need to decide. */
export interface WorklistItem {
  id: string;
  service: string;
  status: string;
  businessStatus?: string;
  cancellationRequested?: unknown;
}

const REJECTIONS: RejectCode[] = [
  'no-capacity',
  'not-eligible',
  'unreachable',
  'person-declined',
  'out-of-area',
];

/** Where other words would be absurd: nobody turns a child away, and who has no way to be called is not out of area. */
const REJECTIONS_OF: Readonly<Record<string, RejectCode[]>> = {
  'special-protection-unit': [],
  'womens-emergency-centre': ['person-declined', 'unreachable', 'safety'],
  'trafficking-care': ['person-declined', 'unreachable', 'safety'],
  'trafficking-case': ['person-declined', 'unreachable', 'safety'],
  reception: ['unreachable'],
  'border-reception': ['unreachable'],
  'follow-up': ['unreachable', 'person-declined'],
  'detention-visit': ['unreachable', 'person-declined'],
};

/** Comes only to who takes over from another agency: whoever sends it on in the demonstration sees it move. */
const TAKEN_OVER = 'legal-advice';

/** A number in [0, 1) that belongs to this referral and question. */
export function chance(referralId: string, question: string): number {
  return createHash('sha256').update(`${referralId} ${question}`).digest().readUInt32BE(0) / 2 ** 32;
}

/** The next answer of the staff; undefined when they leave it lying (some are late, some wait for information). */
export function nextAnswer(item: WorklistItem): AnswerBody | undefined {
  if (item.cancellationRequested)
    return chance(item.id, 'done already') < 0.1 ? completed(item) : { status: 'cancelled' };
  const fate = item.service === TAKEN_OVER ? 1 : chance(item.id, 'fate');
  if (fate < 0.03) return undefined;
  switch (item.status) {
    case 'received':
      return (fate < 0.07 && rejection(item)) || { status: 'accepted' };
    case 'accepted':
      if (fate < 0.2)
        return { status: 'in-progress', businessStatus: 'scheduled', scheduledFor: visitTime(item) };
      return fate < 0.21 ? { status: 'failed', note: 'The service could not be given.' } : completed(item);
    case 'in-progress':
      return fate < 0.1 && item.businessStatus === 'scheduled' ? { status: 'on-hold' } : completed(item);
    case 'on-hold':
      return completed(item);
    default:
      return undefined;
  }
}

/** Undefined where nobody is turned away. */
function rejection(item: WorklistItem): AnswerBody | undefined {
  const codes = REJECTIONS_OF[item.service] ?? REJECTIONS;
  const code = codes[Math.floor(chance(item.id, 'code') * codes.length)];
  return code && { status: 'rejected', code };
}

function completed(item: WorklistItem): AnswerBody {
  const digits = String(Math.floor(chance(item.id, 'document') * 9e7) + 1e7);
  switch (item.service) {
    case 'dni-verify':
      return { status: 'completed', outcome: chance(item.id, 'verified') < 0.9 ? 'verified' : 'not-found' };
    case 'dni-issue':
      return { status: 'completed', outcome: { document: digits } };
    case 'foreigner-card':
      return { status: 'completed', outcome: { document: `CE0${digits}` } };
    case 'medical-care':
      return { status: 'completed', outcome: { certificate: `CERT-${digits}` } };
    case 'special-protection-unit':
      return { status: 'completed', outcome: 'decided' };
    default:
      return { status: 'completed' };
  }
}

function visitTime(item: WorklistItem): string {
  const days = 1 + Math.floor(chance(item.id, 'visit') * 10);
  return new Date(Date.now() + days * 86_400_000).toISOString();
}
