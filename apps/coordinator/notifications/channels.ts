/** The ways in which a message leaves: one for each recipient of e-mail, and the webhook. */
import { createHash } from 'node:crypto';
import type { Channel } from './channel';
import { mailTo } from './mail';
import { recipientsOf, type NotificationSettings } from './settings';
import { webhook } from './webhook';

/** None: nobody is told outside the screen. */
export function channelsOf(settings: NotificationSettings): Channel[] {
  const recipients = settings.SMTP_URL === '' ? [] : recipientsOf(settings.NOTIFY_TO);
  return [
    ...recipients.map((recipient): Channel => ({
      name: `e-mail:${createHash('sha256').update(recipient).digest('hex').slice(0, 16)}`,
      kind: 'e-mail',
      send: mailTo(recipient, settings),
    })),
    ...(settings.WEBHOOK_URL === ''
      ? []
      : [{ name: 'webhook', kind: 'webhook', send: webhook(settings) } as const]),
  ];
}

/** A failure in a word, without addresses: ECONNREFUSED, smtp-550, http-503, timeout. */
export function codeOf(error: unknown): string {
  const { code, responseCode, name } = error as { code?: unknown; responseCode?: unknown; name?: unknown };
  if (typeof responseCode === 'number') return `smtp-${responseCode}`;
  if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
  return typeof code === 'string' ? code : 'failed';
}
