/** A real mail server that keeps what it takes. */
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { callbackify } from 'node:util';
import { SMTPServer } from 'smtp-server';

export interface Mail {
  readonly to: readonly string[];
  readonly messageId: string;
  readonly subject: string;
  /** What a person reads. */
  readonly text: string;
  /** As it came over the line. */
  readonly raw: string;
}

export interface MailboxOptions {
  port?: number;
  /** Addresses that it does not know (550). */
  unknown?: readonly string[];
  /** Waited for once a message has come, before it is said to be taken. */
  beforeTaking?: () => Promise<void>;
}

export class Mailbox {
  readonly mails: Mail[] = [];
  /** Known also after it was closed. */
  port = 0;
  private constructor(private readonly server: SMTPServer) {}

  static async open({ port = 0, unknown = [], beforeTaking }: MailboxOptions = {}): Promise<Mailbox> {
    const server: SMTPServer = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: ({ address }, _session, done) =>
        done(
          unknown.includes(address) ? Object.assign(new Error('unknown'), { responseCode: 550 }) : undefined,
        ),
      onData: (stream, { envelope }, done) => {
        const keep = async (): Promise<void> => {
          const to = envelope.rcptTo.map(({ address }) => address);
          box.mails.push(mailOf(await text(stream), to));
          await beforeTaking?.();
        };
        callbackify(keep)(done);
      },
    });
    const box = new Mailbox(server);
    // Whoever hangs up in the middle is none of the server's failures.
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    box.port = (server.server.address() as AddressInfo).port;
    return box;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

function mailOf(raw: string, to: string[]): Mail {
  const end = raw.indexOf('\r\n\r\n');
  const header = raw.slice(0, end).replace(/\r\n[ \t]+/g, ' ');
  const of = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(header)?.[1] ?? '';
  const body = raw.slice(end + 4);
  return {
    to,
    raw,
    messageId: of('Message-ID'),
    subject: of('Subject')
      .replace(/(=\?UTF-8\?[BQ]\?[^?]*\?=)\s*/gi, word)
      .trim(),
    text:
      of('Content-Transfer-Encoding') === 'base64' ? Buffer.from(body, 'base64').toString() : unquoted(body),
  };
}

/** A word of a header (RFC 2047). */
function word(encoded: string): string {
  const [, how, text] = /^=\?UTF-8\?([BQ])\?([^?]*)\?=/i.exec(encoded)!;
  return how!.toUpperCase() === 'B'
    ? Buffer.from(text!, 'base64').toString()
    : unquoted(text!.replaceAll('_', ' '));
}

/** Quoted-printable as text (RFC 2045). */
function unquoted(quoted: string): string {
  const bytes = quoted
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
