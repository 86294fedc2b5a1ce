/** A digest as e-mail, by SMTP. */
import { createTransport } from 'nodemailer';
import { subjectOf, textOf } from './digest';
import type { Channel } from './channel';
import type { NotificationSettings } from './settings';

/** Longest wait for a word of the mail server, ms. */
const SILENCE_MS = 10_000;

const THIS_MACHINE = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Sends to one address: a recipient that is refused must not make the others' message a double. */
export function mailTo(
  to: string,
  { SMTP_URL, NOTIFY_FROM, PUBLIC_URL }: NotificationSettings,
): Channel['send'] {
  const url = new URL(SMTP_URL);
  const secure = url.protocol === 'smtps:';
  const hasLogin = url.username !== '';
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    // A password never goes over a line in the clear that leaves this machine.
    requireTLS: hasLogin && !secure && !THIS_MACHINE.test(url.hostname),
    ...(hasLogin && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
    connectionTimeout: SILENCE_MS,
    greetingTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return (digest, now, signal) =>
    within(
      transport.sendMail({
        from: NOTIFY_FROM,
        to,
        subject: subjectOf(digest),
        text: textOf(digest, PUBLIC_URL),
        date: now,
        messageId: `<${digest.id}@${NOTIFY_FROM.split('@')[1]}>`,
        // No out-of-office answers to it (RFC 3834).
        headers: { 'Auto-Submitted': 'auto-generated' },
      }),
      signal,
    );
}

/** The work, or the end of patience. */
async function within(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  await new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
