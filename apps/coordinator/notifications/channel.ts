import type { Digest } from './digest';

/** One way to one receiver, with its own memory of what was told. */
export interface Channel {
  /** Permanent, without the address: the table of what was told knows it by this. */
  readonly name: string;
  readonly kind: ChannelKind;
  /** Resolves once the receiver has it. Throws what names its cause by `code`. */
  send(digest: Digest, now: Date, signal: AbortSignal): Promise<void>;
}

export type ChannelKind = 'e-mail' | 'webhook';
