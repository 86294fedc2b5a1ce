/** What a page's form sends: a few short texts. */
import { isStorable } from './text';
import { urlencoded } from 'express';
import type { Request, Response } from 'express';

/** 2,000 characters take up to 18,000 bytes when they are written in `%` and none is ASCII. */
const MAX_BYTES = 32_000;
const MAX_FIELDS = 10;

/** The fields of a form, each once, trimmed; undefined when it has more than `bytes`, has more than `fields` of them, or is no form at all. */
export async function readForm(
  request: Request,
  response: Response,
  fields = MAX_FIELDS,
  bytes = MAX_BYTES,
): Promise<Readonly<Record<string, string>> | undefined> {
  const read = urlencoded({ extended: false, limit: bytes, parameterLimit: fields });
  const failed = await new Promise<unknown>((resolve) => read(request, response, resolve));
  const body: unknown = request.body;
  if (failed !== undefined || typeof body !== 'object' || body === null) return undefined;
  const sent = Object.entries(body).map(([name, value]): [string, unknown] => [name, value]);
  const texts = sent.flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value.trim()]] : [],
  );
  return texts.every(([, text]) => isStorable(text)) ? Object.fromEntries(texts) : undefined;
}
