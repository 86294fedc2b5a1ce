/** Why a case is where it is, and who acts next: what it waits for, most pressing first. Pure. */
import {
  hasEnded,
  isSent,
  outlookFor,
  type CaseFile,
  type ShownEscalation,
  type ShownReferral,
} from './case';

/** One thing that a case waits for. Instants are RFC 3339. */
export type Standing =
  | { readonly kind: 'merged'; readonly number: string }
  | { readonly kind: 'completed'; readonly since: string }
  | { readonly kind: 'closed'; readonly reason: string | null; readonly since: string }
  /** An agency must say that it has stopped. */
  | { readonly kind: 'closing' | 'cancellation'; readonly referral: ShownReferral; readonly by: string }
  /** Somebody in operations decides. */
  | { readonly kind: 'escalation'; readonly escalation: ShownEscalation }
  /** An agency asked, and operations answer. */
  | { readonly kind: 'info-requested'; readonly referral: ShownReferral }
  /** Late, and not escalated yet: at `escalatesAt` it will be. */
  | {
      readonly kind: 'ack-overdue' | 'done-overdue';
      readonly referral: ShownReferral;
      readonly by: string;
      readonly escalatesAt: string | null;
    }
  /** An agency answers; `holds` are the referrals that cannot begin before. */
  | {
      readonly kind: 'gate' | 'ack' | 'done' | 'scheduled' | 'waitlisted' | 'on-hold' | 'no-show';
      readonly referral: ShownReferral;
      readonly by: string | null;
      readonly holds: readonly ShownReferral[];
    }
  /** The returnee says whether it was delivered. */
  | { readonly kind: 'confirmation'; readonly referral: ShownReferral; readonly by: string }
  /** Whoever is in touch with the returnee asks for the consent. */
  | { readonly kind: 'consent'; readonly escalatesAt: string | null }
  | { readonly kind: 'arrival'; readonly date: string | null; readonly escalatesAt: string | null }
  /** Ready, and held because operations have paused its agency. */
  | {
      readonly kind: 'paused';
      readonly referral: ShownReferral;
      readonly since: string;
      readonly escalatesAt: string | null;
    }
  /** Planned behind something that is not under way either. */
  | { readonly kind: 'prerequisite'; readonly referral: ShownReferral }
  /** Nothing to do: the case ends by itself. */
  | { readonly kind: 'end-of-case'; readonly at: string }
  | { readonly kind: 'nothing' };

/** Everything that the case waits for; the first is the answer to "who acts next". Never empty. */
export function standingsOf(file: CaseFile): [Standing, ...Standing[]] {
  const { shown, outlook } = file;
  if (shown.mergedInto && shown.status !== 'closing') {
    return [{ kind: 'merged', number: shown.mergedInto.number }];
  }
  const escalations = escalated(shown.escalations);
  if (shown.status === 'completed') return [{ kind: 'completed', since: outlook.since }, ...escalations];
  if (shown.status === 'closed') {
    return [{ kind: 'closed', reason: shown.closeReason, since: outlook.since }, ...escalations];
  }
  const [first = { kind: 'nothing' as const }, ...others] = [
    ...escalations,
    ...(shown.status === 'closing' ? closing(shown.referrals) : waiting(file)),
  ];
  return [first, ...others];
}

function escalated(escalations: readonly ShownEscalation[]): Standing[] {
  return escalations
    .filter(({ status }) => status !== 'resolved')
    .toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : 1))
    .map((escalation) => ({ kind: 'escalation', escalation }));
}

function closing(referrals: readonly ShownReferral[]): Standing[] {
  return referrals.flatMap((referral): Standing[] =>
    isSent(referral) && referral.cancellation
      ? [{ kind: 'closing', referral, by: referral.cancellation.dueAt }]
      : [],
  );
}

function waiting(file: CaseFile): Standing[] {
  const { shown, outlook } = file;
  const told = new Set(
    shown.escalations.filter((e) => e.status !== 'resolved').map((e) => `${e.reason} ${e.referralId}`),
  );
  const isTold = (reason: string, { id }: ShownReferral) => told.has(`${reason} ${id}`);
  const answers = shown.referrals
    .filter(isSent)
    .map((referral) => answerAwaited(file, referral))
    // Of what an escalation says already nothing is said twice.
    .filter((standing) => !('referral' in standing && isTold(standing.kind, standing.referral)))
    .toSorted((a, b) => pressing(file, a) - pressing(file, b));
  const found: Standing[] = [
    ...answers,
    ...shown.referrals.flatMap((referral): Standing[] =>
      referral.confirmBy && referral.confirmBy >= outlook.asOf
        ? [{ kind: 'confirmation', referral, by: referral.confirmBy }]
        : [],
    ),
    ...planned(file),
  ];
  const end = outlook.timers.find(({ what }) => what === 'end-of-case');
  if (found.length === 0 && end) return [{ kind: 'end-of-case', at: end.at }];
  return found;
}

function answerAwaited(file: CaseFile, referral: ShownReferral): Standing {
  const { asOf } = file.outlook;
  const { cancellation, acknowledgedAt, ackDueAt, dueAt, businessStatus, scheduledFor } = referral;
  if (cancellation) return { kind: 'cancellation', referral, by: cancellation.dueAt };
  if (businessStatus === 'info-requested') return { kind: 'info-requested', referral };
  if (dueAt && dueAt < asOf) return late('done-overdue', referral, dueAt, file);
  if (!acknowledgedAt && ackDueAt && ackDueAt < asOf) return late('ack-overdue', referral, ackDueAt, file);
  const holds = heldBy(referral, file);
  if (holds.some((held) => awaited(file, held).some((p) => p.gate && p.referralId === referral.id))) {
    return { kind: 'gate', referral, by: dueAt, holds };
  }
  if (businessStatus === 'waitlisted') return { kind: 'waitlisted', referral, by: dueAt, holds };
  if (businessStatus === 'no-show') return { kind: 'no-show', referral, by: dueAt, holds };
  if (businessStatus === 'scheduled') {
    return { kind: 'scheduled', referral, by: scheduledFor ?? dueAt, holds };
  }
  if (referral.status === 'on-hold') return { kind: 'on-hold', referral, by: dueAt, holds };
  if (!acknowledgedAt) return { kind: 'ack', referral, by: ackDueAt, holds };
  return { kind: 'done', referral, by: dueAt, holds };
}

function late(
  kind: 'ack-overdue' | 'done-overdue',
  referral: ShownReferral,
  by: string,
  { outlook }: CaseFile,
): Standing {
  const timer = outlook.timers.find((one) => one.reason === kind && one.referralId === referral.id);
  return { kind, referral, by, escalatesAt: timer?.at ?? null };
}

const ORDER: readonly Standing['kind'][] = ['info-requested', 'done-overdue', 'ack-overdue', 'gate'];

/** Smaller is more pressing: what is late, then what decides the end of the case, then the rest. */
function pressing({ outlook }: CaseFile, standing: Standing): number {
  const place = ORDER.indexOf(standing.kind);
  if (place >= 0) return place;
  const onPath = 'referral' in standing ? outlook.critical.indexOf(standing.referral.id) : -1;
  return ORDER.length + (onPath >= 0 ? onPath : outlook.critical.length);
}

function planned(file: CaseFile): Standing[] {
  const { shown, outlook } = file;
  const waits = shown.referrals.filter(({ status }) => status === 'planned');
  const escalatesAt = (reason: string) => outlook.timers.find((one) => one.reason === reason)?.at ?? null;
  const isEscalated = (reason: string) =>
    shown.escalations.some((e) => e.reason === reason && e.status !== 'resolved');
  const found: Standing[] = [];
  if (waits.some((r) => r.businessStatus === 'awaiting-consent') && !isEscalated('consent-overdue')) {
    found.push({ kind: 'consent', escalatesAt: escalatesAt('consent-overdue') });
  }
  if (waits.some((r) => r.businessStatus === 'awaiting-arrival') && !isEscalated('arrival-overdue')) {
    found.push({ kind: 'arrival', date: shown.arrivalDate, escalatesAt: escalatesAt('arrival-overdue') });
  }
  const isPauseTold = (agency: string) =>
    shown.escalations.some(
      (e) => e.status !== 'resolved' && e.detail['paused'] !== undefined && e.detail['agency'] === agency,
    );
  for (const referral of waits) {
    if (referral.pausedSince === null || isPauseTold(referral.agency)) continue;
    const timer = outlook.timers.find((one) => one.reason === 'no-provider');
    found.push({ kind: 'paused', referral, since: referral.pausedSince, escalatesAt: timer?.at ?? null });
  }
  const stuck = waits.filter(
    (r) =>
      r.businessStatus === 'awaiting-prerequisite' &&
      !awaited(file, r).some((p) => isMoving(file, p.referralId)),
  );
  return [...found, ...stuck.map((referral): Standing => ({ kind: 'prerequisite', referral }))];
}

/** True for a step that somebody works on, or that waits itself: its own line says for what. */
function isMoving({ shown }: CaseFile, id: string | null): boolean {
  const referral = shown.referrals.find((r) => r.id === id);
  return referral !== undefined && !hasEnded(referral);
}

function awaited(file: CaseFile, { id }: ShownReferral) {
  return outlookFor(file, id).prerequisites.filter(({ state }) => state === 'awaited');
}

/** The planned referrals that cannot begin before this one. */
function heldBy({ id }: ShownReferral, file: CaseFile): ShownReferral[] {
  return file.shown.referrals.filter(
    (r) => r.status === 'planned' && awaited(file, r).some((p) => p.referralId === id),
  );
}
