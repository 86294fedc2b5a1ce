/** Ids that follow from what they name, so that deciding twice names the same thing. */
import { hash } from 'node:crypto';

/** A UUID (version 8: its content is ours) from the SHA-256 of the parts. */
export function idOf(...parts: readonly (string | number)[]): string {
  const digest = hash('sha256', parts.join('\u0000'));
  const variant = '89ab'.charAt(parseInt(digest.charAt(16), 16) % 4);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}
