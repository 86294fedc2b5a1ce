/**
 * How staff, returnees and operations decide while two systems are compared. Every choice derives from what is the same in
 * both: the returnee's external id, agency, service and attempt; never from ids that are drawn, nor from when something arrives.
 */
import { createHash } from 'node:crypto';
import { REJECT_CODES, type AnswerBody } from '@retorno/contracts';
import type { Case, Escalation, Referral } from '../support/case-view';

/** What an agency answers without waiting for anybody, one after the other. */
export type Turn = readonly AnswerBody[];

/** A command of operations: the path below the case, and what is said. */
export interface Command {
  path: string;
  body: object;
}

const ACCEPTED: AnswerBody = { status: 'accepted' };
/**
 * What staff miss when they miss a paper: some are in the plan, some must be added. Who issues one wants only those before
 * it: of two that want each other's, the one that is told second is for a person, and so the order counts.
 */
const PAPERS = ['civil-certificate', 'birth-registration', 'dni-issue', 'medical-care'];
/** Later than any comparison takes. */
const VISIT_MS = 7 * 86_400_000;

/** A number in [0, 1) that belongs to these words. */
export function chance(...words: readonly string[]): number {
  return createHash('sha256').update(words.join(' ')).digest().readUInt32BE(0) / 2 ** 32;
}

/** What a referral is called in both systems. */
export function nameOf(externalId: string, { agency, service, attempt }: Referral): string {
  return `${externalId} ${agency}/${service} #${attempt}`;
}

/** Everything that the staff will say of a referral, in turns; between two turns they wait for the world. */
export function turnsOf(name: string, service: string): readonly Turn[] {
  const fate = chance(name, 'fate');
  const done = completed(name, service);
  if (fate < 0.03) return [];
  if (fate < 0.05) return [[ACCEPTED]];
  if (fate < 0.17) return [[rejected(name, service)]];
  if (fate < 0.2) return [[ACCEPTED], [{ status: 'failed', note: 'The service could not be given.' }]];
  if (fate < 0.26) return [[{ status: 'received', businessStatus: 'info-requested' }], [ACCEPTED, done]];
  if (fate < 0.3) return [[ACCEPTED, { status: 'accepted', businessStatus: 'info-requested' }], [done]];
  if (fate < 0.34) return [[ACCEPTED, { status: 'accepted', businessStatus: 'waitlisted' }], [done]];
  if (fate < 0.42)
    return [
      [ACCEPTED, scheduled(), { status: 'on-hold' }],
      [{ status: 'in-progress' }, done],
    ];
  if (fate < 0.46)
    return [[ACCEPTED, scheduled(), { status: 'in-progress', businessStatus: 'no-show' }], [done]];
  if (fate < 0.7) return [[ACCEPTED], [done]];
  return [[ACCEPTED, done]];
}

/** What the staff say once they are asked to stop. */
export function whenRecalled(name: string, service: string): AnswerBody {
  return chance(name, 'done already') < 0.2 ? completed(name, service) : { status: 'cancelled' };
}

/** What the returnee says of a delivery; undefined for those who stay silent. */
export function wordOf(name: string): object | undefined {
  const mood = chance(name, 'mood');
  if (mood < 0.04) return undefined;
  const outcome = mood < 0.14 ? { outcome: 'disputed', reason: 'not received' } : { outcome: 'confirmed' };
  return { ...outcome, by: 'returnee', channel: 'telephone' };
}

/** What a consent turns into after the first answers; undefined where it stays. */
export function laterConsent(externalId: string, consent: string): string | undefined {
  const mind = chance(externalId, 'consent');
  if (consent === 'pending') return mind < 0.6 ? 'granted' : mind < 0.8 ? 'refused' : undefined;
  if (consent === 'refused') return mind < 0.3 ? 'granted' : undefined;
  return mind < 0.04 ? 'withdrawn' : undefined;
}

/** What operations decide by themselves after the first answers: some cases end early, some silent agencies are recalled. */
export function ownAccord(externalId: string, file: Case): Command[] {
  const asked = { reason: 'decided by operations' };
  if (chance(externalId, 'close') < 0.03)
    return [{ path: 'close', body: { ...asked, reason: 'left-country' } }];
  return file.referrals
    .filter((r) => ['received', 'accepted', 'planned'].includes(r.status) && r.cancellation === null)
    .filter((r) => chance(nameOf(externalId, r), 'recall') < 0.04)
    .map((r) => ({ path: `referrals/${r.id}/cancel`, body: asked }));
}

/** What operations do about an escalation; nothing where they let it lie. */
export function remedyFor(externalId: string, file: Case, escalation: Escalation): Command[] {
  const referral = file.referrals.find((r) => r.id === escalation.referralId);
  const subject = referral ? nameOf(externalId, referral) : `${externalId} ${escalation.group ?? ''}`;
  const draw = chance(subject, escalation.reason, 'remedy');
  const asked = { reason: 'decided by operations' };
  const settle = (need: string): Command => ({
    path: `needs/${need}/settle`,
    body: { ...asked, reason: 'failed' },
  });
  if (escalation.reason === 'info-requested' && referral) {
    const body = { information: 'The paper is with the returnee.' };
    return [{ path: `referrals/${referral.id}/information`, body }];
  }
  if (draw < 0.15) return [];
  if (!referral) return [{ path: `/escalations/${escalation.id}/resolve`, body: asked }];
  if (escalation.reason === 'prerequisite-unmet') {
    if (draw < 0.4) return [{ path: `referrals/${referral.id}/reroute`, body: asked }];
    const awaited = `${referral.agency}/${referral.service}`;
    const dependents = file.referrals
      .filter((r) => r.status === 'planned' && r.requires.includes(awaited))
      .toSorted((a, b) => (a.service < b.service ? -1 : 1));
    if (draw < 0.7) return dependents.map((r) => ({ path: `referrals/${r.id}/waive`, body: asked }));
    return [...new Set(dependents.flatMap((r) => r.needs))].toSorted().map(settle);
  }
  const open = referral.needs.filter((code) =>
    file.needs.some((n) => n.code === code && n.status === 'open'),
  );
  if (draw < 0.5) return [{ path: `referrals/${referral.id}/reroute`, body: asked }];
  if (open.length > 0) return open.toSorted().map(settle);
  return [{ path: `/escalations/${escalation.id}/resolve`, body: asked }];
}

function rejected(name: string, service: string): AnswerBody {
  const code = REJECT_CODES[Math.floor(chance(name, 'code') * REJECT_CODES.length)]!;
  const place = PAPERS.indexOf(service);
  const papers = place < 0 ? PAPERS : PAPERS.slice(0, place);
  const paper = papers[Math.floor(chance(name, 'paper') * papers.length)];
  if (code !== 'missing-documents') return { status: 'rejected', code };
  return paper
    ? { status: 'rejected', code, missing: [paper] }
    : { status: 'rejected', code: 'not-eligible' };
}

function completed(name: string, service: string): AnswerBody {
  const digits = String(Math.floor(chance(name, 'document') * 9e7) + 1e7);
  switch (service) {
    case 'dni-verify':
      return { status: 'completed', outcome: chance(name, 'verified') < 0.8 ? 'verified' : 'not-found' };
    case 'dni-issue':
    case 'foreigner-card':
      return { status: 'completed', outcome: { document: digits } };
    case 'medical-care':
      return { status: 'completed', outcome: { certificate: `CERT-${digits}` } };
    case 'special-protection-unit':
      return { status: 'completed', outcome: 'decided' };
    default:
      return { status: 'completed' };
  }
}

function scheduled(): AnswerBody {
  const scheduledFor = new Date(Date.now() + VISIT_MS).toISOString();
  return { status: 'in-progress', businessStatus: 'scheduled', scheduledFor };
}
