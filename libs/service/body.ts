/** Limits on JSON bodies: size, and depth before anything walks the tree. */
import { json, type RequestHandler } from 'express';
import { problem } from './problem';

/** Largest JSON body, in bytes. */
const MAX_BYTES = 1_000_000;
/** Deepest nesting of a JSON body; ours need five. A body of 500,000 brackets would exhaust the stack of what reads it. */
const MAX_DEPTH = 32;

/** Reads JSON bodies within the limits. */
export function jsonBody(): RequestHandler {
  const read = json({
    limit: MAX_BYTES,
    verify: (_request, _response, body) => {
      if (depthOf(body) > MAX_DEPTH) throw new Error('too deep');
    },
  });
  // What verify throws is changed on its way out, so our own problem takes its place behind it.
  return (request, response, next) =>
    read(request, response, (error?: unknown) => next(isRefusedByVerify(error) ? tooDeep() : error));
}

function isRefusedByVerify(error: unknown): boolean {
  return (error as { type?: unknown } | undefined)?.type === 'entity.verify.failed';
}

function tooDeep(): Error {
  return problem(400, 'too-deep', `The JSON is nested deeper than ${MAX_DEPTH} levels: send it flatter.`);
}

/** Refuses bodies of kinds that nobody here reads: taken for an empty body, they would be blamed for missing fields. */
export function knownBody({ forms = false } = {}): RequestHandler {
  return (request, _response, next) => {
    const type = request.headers['content-type'];
    const isForm =
      forms &&
      type !== undefined &&
      /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type);
    const known = isForm || type === undefined || /^(application\/json|text\/csv)\b/i.test(type);
    if (known) return next();
    next(problem(415, 'unsupported-media-type', 'Send application/json; a manifest is text/csv.'));
  };
}

/** Deepest nesting of brackets outside strings. */
export function depthOf(body: Buffer): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i];
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return deepest;
}
