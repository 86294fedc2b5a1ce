/** What a notification says: cases by number, what is the matter, since when, where to look. No personal data. Pure. */
import type { EscalationReason } from '@retorno/contracts';
import { ESCALATION_WORDS } from '@retorno/service';

/** An escalation that is due and nobody's. */
export interface Due {
  readonly id: string;
  readonly number: string;
  readonly reason: EscalationReason;
  readonly dueAt: string;
}

/** What one message gathers. */
export interface Digest {
  /** Stays the same however often it is sent, so that a receiver can drop a double. */
  readonly id: string;
  /** When it was gathered, RFC 3339. */
  readonly at: string;
  readonly reasons: readonly { readonly reason: EscalationReason; readonly count: number }[];
  /** The longest due; what is not among them is counted in `reasons`. */
  readonly first: readonly Due[];
}

/** Most escalations that a message names one by one. */
export const NAMED = 50;

type Language = 'es' | 'en';

const WORDS = {
  es: {
    subject: (total: number) =>
      total === 1 ? '1 alerta vencida sin responsable' : `${total} alertas vencidas sin responsable`,
    intro: 'Vencieron y nadie las ha tomado:',
    due: 'venció el',
    more: (count: number) => `… y ${count} más.`,
    look: 'Verlas y tomarlas:',
    again: 'Este aviso se repite mientras nadie las tome. No responda a este mensaje.',
  },
  en: {
    subject: (total: number) =>
      total === 1 ? '1 escalation due and nobody’s' : `${total} escalations due and nobody’s`,
    intro: 'They are past their due time and nobody has taken them:',
    due: 'due since',
    more: (count: number) => `… and ${count} more.`,
    look: 'See and take them:',
    again: 'This is told again while nobody takes them. Do not answer this message.',
  },
} as const;

const FORMATS = { es: formatOf('es-PE'), en: formatOf('en-GB') };

export function totalOf({ reasons }: Digest): number {
  return reasons.reduce((sum, { count }) => sum + count, 0);
}

export function subjectOf(digest: Digest): string {
  const total = totalOf(digest);
  return `Retorno: ${WORDS.es.subject(total)} / ${WORDS.en.subject(total)}`;
}

/** The message as text, Spanish first. `publicUrl` is how staff reach the console. */
export function textOf(digest: Digest, publicUrl: string): string {
  return `${partOf('es', digest, publicUrl)}\n\n* * *\n\n${partOf('en', digest, publicUrl)}\n`;
}

/** The body of a post. `text` is what chat systems show that take a message by a webhook. */
export function bodyOf(digest: Digest, publicUrl: string): string {
  return JSON.stringify({
    id: digest.id,
    type: 'escalations.due',
    timestamp: digest.at,
    text: `${subjectOf(digest)}\n\n${textOf(digest, publicUrl)}`,
    total: totalOf(digest),
    reasons: Object.fromEntries(digest.reasons.map(({ reason, count }) => [reason, count])),
    escalations: digest.first.map((due) => ({ ...due, url: addressOf(due, publicUrl) })),
    url: queueAt(publicUrl),
  });
}

function partOf(language: Language, digest: Digest, publicUrl: string): string {
  const words = WORDS[language];
  const kinds = ESCALATION_WORDS[language];
  const lines = digest.first.map((due) => {
    const since = FORMATS[language].format(new Date(due.dueAt));
    return `- ${due.number}: ${kinds[due.reason]}; ${words.due} ${since} (Lima)\n  ${addressOf(due, publicUrl)}`;
  });
  const rest = totalOf(digest) - digest.first.length;
  const counts = digest.reasons.map(({ reason, count }) => `${kinds[reason]}: ${count}`);
  return [
    words.intro,
    counts.map((line) => `  ${line}`).join('\n'),
    [...lines, ...(rest > 0 ? [words.more(rest)] : [])].join('\n'),
    `${words.look}\n${queueAt(publicUrl)}`,
    words.again,
  ].join('\n\n');
}

function addressOf({ id }: Due, publicUrl: string): string {
  return new URL(`/console/escalations/${encodeURIComponent(id)}`, publicUrl).href;
}

function queueAt(publicUrl: string): string {
  return new URL('/console/escalations?owner=none', publicUrl).href;
}

function formatOf(locale: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'America/Lima',
  });
}
