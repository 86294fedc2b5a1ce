/** Errors over HTTP: RFC 9457 problem+json, for every refusal and every failure. */
import {
  Catch,
  HttpException,
  type ArgumentsHost,
  type ExceptionFilter,
  type ValidationError,
} from '@nestjs/common';
import { causeOf, Stopped } from '@retorno/messaging';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';

/** One wrong field: where (JSON pointer) and what was expected. Never the value. */
export interface FieldError {
  pointer: string;
  detail: string;
  code?: string;
  /** What the rule that `code` names asks for, where it names one: `maxLength`, `500`. */
  expected?: string;
}

/** The body of a problem+json answer. `type` ends with the code that programs may rely on. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: FieldError[];
  [member: string]: unknown;
}

/** An HTTP refusal; thrown anywhere below a controller. */
export class ProblemError extends Error {
  constructor(readonly body: ProblemBody) {
    super(body.detail);
    this.name = 'ProblemError';
  }
}

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Unprocessable content',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available',
};

/** What is said when a framework refused: its own message may quote the request, and so personal data. */
const REFUSED: Record<number, string> = {
  400: 'The request could not be read: it is not well-formed.',
  405: 'This address does not answer this method.',
  413: 'The request is larger than this address takes: send less at once.',
  415: 'The content type, its charset or its encoding is not one that this address reads.',
};

/**
 * Makes a refusal to throw: HTTP status, a stable code (`impossible-transition`), a sentence that says what to do, and
 * further members (`possible`, `errors`).
 */
export function problem(
  status: number,
  code: string,
  detail: string,
  members: Record<string, unknown> = {},
): ProblemError {
  return new ProblemError({
    type: `urn:retorno:problem:${code}`,
    title: TITLES[status] ?? 'Error',
    status,
    detail,
    ...members,
  });
}

/** 422 with every wrong field. */
export function invalidFields(errors: FieldError[]): ProblemError {
  return problem(422, 'invalid-fields', 'Some fields are missing or wrong: see errors.', { errors });
}

/** What Nest's ValidationPipe found, as a problem naming every field. */
export function fromValidation(found: ValidationError[]): ProblemError {
  return invalidFields(flatten(found, ''));
}

function flatten(found: readonly ValidationError[], path: string): FieldError[] {
  return found.flatMap((error) => {
    const pointer = `${path}/${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((detail) => ({ pointer, detail }));
    return [...own, ...flatten(error.children ?? [], pointer)];
  });
}

/** Renders everything that was thrown. Only our own refusals say more than their status. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const body = this.bodyOf(error, request);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.status(body.status).type('application/problem+json').send(JSON.stringify(body));
  }

  private bodyOf(error: unknown, request: Request): ProblemBody {
    if (error instanceof ProblemError) return error.body;
    const status = statusOf(error);
    if (status === 404) return problem(404, 'not-found', 'There is nothing at this address.').body;
    if (status !== undefined && status < 500) {
      return problem(status, 'bad-request', REFUSED[status] ?? 'The request was refused.').body;
    }
    if (isUnstorable(error)) return unstorable().body;
    if (error instanceof Stopped)
      return problem(503, 'stopping', 'The service is stopping; try again in a moment.').body;
    // The path holds ids only; bodies and messages of the database may hold personal data and are not logged.
    this.logger.error(
      { method: request.method, path: request.path, cause: causeOf(error) },
      'request failed',
    );
    return problem(500, 'internal', 'Something failed on our side; the same request may be sent again.').body;
  }
}

/** PostgreSQL keeps no NUL in a text (22021): whoever sent one sent it in an address, a query or a body. */
function isUnstorable(error: unknown): boolean {
  return (error as { driverError?: { code?: unknown } } | null)?.driverError?.code === '22021';
}

function unstorable(): ProblemError {
  return problem(400, 'bad-text', 'The request holds a character that is not text (NUL): leave it out.');
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : undefined;
}
