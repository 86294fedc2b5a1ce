/** A digest posted as JSON, signed as Standard Webhooks 1.0 says (https://www.standardwebhooks.com), for which receivers find libraries. */
import { createHmac } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';
import { bodyOf } from './digest';
import type { Channel } from './channel';
import { isPrivateHost, PrivateAddressError, publicOnly, type Resolve } from './public-address';
import { secretOf, type NotificationSettings } from './settings';

export function webhook(settings: NotificationSettings, resolve?: Resolve): Channel['send'] {
  const url = new URL(settings.WEBHOOK_URL);
  const secret = secretOf(settings.WEBHOOK_SECRET)!;
  const isAnywhere = settings.WEBHOOK_PRIVATE === 'on';
  return async (digest, now, signal) => {
    if (!isAnywhere && isPrivateHost(url.hostname)) throw new PrivateAddressError();
    const body = bodyOf(digest, settings.PUBLIC_URL);
    const timestamp = String(Math.floor(now.getTime() / 1_000));
    const status = await post(url, body, {
      method: 'POST',
      signal,
      // A connection of its own, to the address that was checked.
      agent: false,
      ...(isAnywhere ? {} : { lookup: publicOnly(resolve) }),
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Retorno',
        'webhook-id': digest.id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signatureOf(secret, digest.id, timestamp, body),
      },
    });
    // A redirect is not followed: it could lead anywhere.
    if (status < 200 || status >= 300) throw Object.assign(new Error('refused'), { code: `http-${status}` });
  };
}

/** `v1,` and the HMAC-SHA256 of id, timestamp (seconds) and body, in Base64. */
export function signatureOf(secret: Buffer, id: string, timestamp: string, body: string): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** The status of the answer; what else it says is not read. */
function post(url: URL, body: string, options: RequestOptions): Promise<number> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      response.resume().on('error', () => undefined);
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', (error) => reject((options.signal?.reason as Error | undefined) ?? error));
    sent.end(body);
  });
}
