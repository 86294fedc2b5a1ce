/** The file in a form, for browsers without script: read whole, so it may not be as large as one that is sent as it is. */
import type { Request } from 'express';

/** Largest file in a form, bytes: some 50,000 rows. */
const MAX_BYTES = 20_000_000;

/** What was sent: the file, or why there is none. */
export type SentFile = { readonly file: Buffer } | { readonly missing: 'too-large' | 'unreadable' };

export async function fileIn(request: Request): Promise<SentFile> {
  const type = request.headers['content-type'] ?? '';
  const body = await whole(request);
  if (!body) return { missing: 'too-large' };
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    const file = form.get('file');
    if (!(file instanceof Blob)) return { missing: 'unreadable' };
    return { file: Buffer.from(await file.arrayBuffer()) };
  } catch {
    return { missing: 'unreadable' };
  }
}

/** Undefined when there is more than may be. The rest is taken off the wire, or the browser sees no answer. */
async function whole(request: Request): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length <= MAX_BYTES) pieces.push(piece);
    else pieces.length = 0;
  }
  return length <= MAX_BYTES ? Buffer.concat(pieces) : undefined;
}
