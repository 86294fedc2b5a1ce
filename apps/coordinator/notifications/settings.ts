/** Where operations are told outside the screen of what is due and nobody's. Off while neither SMTP_URL nor WEBHOOK_URL is set. */
import { IsIn, IsInt, IsUrl, Matches, Max, Min, ValidateBy, ValidateIf } from 'class-validator';
import { isPrivateHost } from './public-address';

const ADDRESS = /^[^\s@,<>"]+@[^\s@,<>"]+$/;
/** As many as read one mailbox by hand; a longer list is a mailing list's business. */
const MOST_RECIPIENTS = 20;

export class NotificationSettings {
  /** The mail server: `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`. */
  @ValidateIf((settings: NotificationSettings) => settings.SMTP_URL !== '')
  @IsUrl(
    { protocols: ['smtp', 'smtps'], require_protocol: true, require_tld: false },
    { message: 'SMTP_URL must be the address of a mail server: smtps://user:password@mail.example.org:465' },
  )
  SMTP_URL: string = '';

  /** Whom the e-mail is from. */
  @ValidateIf((settings: NotificationSettings) => settings.SMTP_URL !== '')
  @Matches(ADDRESS, { message: 'NOTIFY_FROM must be an e-mail address: retorno@example.org' })
  NOTIFY_FROM: string = '';

  /** Whom it goes to, separated by commas: each gets one of their own. */
  @ValidateIf((settings: NotificationSettings) => settings.SMTP_URL !== '')
  @ValidateBy(
    { name: 'areAddresses', validator: { validate: areAddresses } },
    {
      message: `NOTIFY_TO must be 1 to ${MOST_RECIPIENTS} e-mail addresses separated by commas: guardia@example.org,jefa@example.org`,
    },
  )
  NOTIFY_TO: string = '';

  /** Where a message is posted as JSON. */
  @ValidateIf((settings: NotificationSettings) => settings.WEBHOOK_URL !== '')
  @ValidateBy(
    { name: 'isHook', validator: { validate: isHook } },
    {
      message:
        'WEBHOOK_URL must be an https address that is not of this machine or a private network: https://hooks.example.org/retorno (WEBHOOK_PRIVATE=on allows those)',
    },
  )
  WEBHOOK_URL: string = '';

  /** What it is signed with (HMAC-SHA256). */
  @ValidateIf((settings: NotificationSettings) => settings.WEBHOOK_URL !== '')
  @ValidateBy(
    { name: 'isSecret', validator: { validate: (text) => secretOf(String(text)) !== undefined } },
    {
      message:
        'WEBHOOK_SECRET must be 24 to 64 random bytes in Base64, with whsec_ before them or not: openssl rand -base64 32',
    },
  )
  WEBHOOK_SECRET: string = '';

  /** `on`: the webhook may be http, of this machine or a private network; so with `npm start`. */
  @IsIn(['on', 'off'], { message: 'WEBHOOK_PRIVATE must be on or off' })
  WEBHOOK_PRIVATE: string = 'off';

  /** Minutes past its due time from which an escalation that is nobody's is told; also the shortest time between two messages. */
  @IsInt({ message: 'NOTIFY_AFTER must be a number of minutes' })
  @Min(1, { message: 'NOTIFY_AFTER must be at least 1 minute' })
  @Max(10_080, { message: 'NOTIFY_AFTER must be at most 10080 minutes, a week' })
  NOTIFY_AFTER: number = 15;

  /** What nobody has taken by then is told again: `n d` (working days in Lima) or `n h`. */
  @Matches(/^[1-9]\d{0,2} [dh]$/, { message: 'NOTIFY_AGAIN must be working days or hours: 1 d, 4 h' })
  NOTIFY_AGAIN: string = '1 d';

  /** How staff reach the console, for the links. */
  @ValidateIf((settings: NotificationSettings) => settings.SMTP_URL !== '' || settings.WEBHOOK_URL !== '')
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: 'PUBLIC_URL must be how people reach Retorno: https://retorno.example.org' },
  )
  PUBLIC_URL: string = '';
}

/** The addresses of NOTIFY_TO, each once. */
export function recipientsOf(list: string): string[] {
  return [...new Set(list.split(',').map((address) => address.trim()))].filter((address) => address !== '');
}

/** The bytes of a secret as the standard of webhooks writes it; undefined for anything else. */
export function secretOf(text: string): Buffer | undefined {
  const [, base64] = /^(?:whsec_)?([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = base64 === undefined ? undefined : Buffer.from(base64, 'base64');
  return bytes && bytes.length >= 24 && bytes.length <= 64 ? bytes : undefined;
}

function areAddresses(list: unknown): boolean {
  const all = recipientsOf(String(list));
  return all.length >= 1 && all.length <= MOST_RECIPIENTS && all.every((address) => ADDRESS.test(address));
}

function isHook(text: unknown, args?: { object?: unknown }): boolean {
  const url = URL.canParse(String(text)) ? new URL(String(text)) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return false;
  const isAnywhere = (args?.object as NotificationSettings | undefined)?.WEBHOOK_PRIVATE === 'on';
  return isAnywhere || (url.protocol === 'https:' && !isPrivateHost(url.hostname));
}
