/** Reads an answer or a correction off an HTTP body, or names every field that is wrong with it. */
import { AnswerBody, CorrectionBody, schemaErrors, type AnswerFieldError } from '@retorno/contracts';
import { isStorable } from '@retorno/service';

const errorsOfAnswer = schemaErrors(AnswerBody);
const errorsOfCorrection = schemaErrors(CorrectionBody);

/** What was said, typed, or what is wrong with it. Never repeats a value that was sent. */
export type Read<T> = { answer: T } | { errors: AnswerFieldError[] };

export function readAnswer(body: unknown): Read<AnswerBody> {
  return read(body, errorsOfAnswer(body));
}

export function readCorrection(body: unknown): Read<CorrectionBody> {
  return read(body, errorsOfCorrection(body));
}

function read<T>(body: unknown, found: ReturnType<typeof errorsOfAnswer>): Read<T> {
  const errors = found.map((e): AnswerFieldError => {
    const params = e.params as {
      allowedValues?: string[];
      additionalProperty?: string;
      missingProperty?: string;
    };
    const field = params.additionalProperty ?? params.missingProperty;
    const pointer = field === undefined ? e.instancePath : `${e.instancePath}/${escaped(field)}`;
    if (params.additionalProperty !== undefined) return { pointer, detail: 'is not a field of an answer' };
    if (params.missingProperty !== undefined) return { pointer, detail: 'is required' };
    const allowed = params.allowedValues;
    if (allowed) return { pointer, detail: `must be one of ${allowed.join(', ')}`, allowed };
    return { pointer, detail: e.message ?? 'is wrong' };
  });
  if (errors.length > 0) return { errors };
  const unstorable = textsOf(body as object).filter(([, text]) => !isStorable(text));
  if (unstorable.length > 0) {
    return {
      errors: unstorable.map(([pointer]) => ({ pointer, detail: 'holds a character that is not text' })),
    };
  }
  return { answer: body as T };
}

/** Every text in an answer with its JSON Pointer. */
function textsOf(value: object, at = ''): [string, string][] {
  return Object.entries(value).flatMap(([name, v]: [string, unknown]): [string, string][] => {
    if (typeof v === 'string') return [[`${at}/${name}`, v]];
    return v !== null && typeof v === 'object' ? textsOf(v, `${at}/${name}`) : [];
  });
}

/** A name as one segment of a JSON Pointer; sent by a stranger, so cut short. */
function escaped(name: string): string {
  return name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1');
}
