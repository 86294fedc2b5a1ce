/** What the console asks of the other services: always with the login of whoever looks, so that they decide who may. */
import { Inject, Injectable } from '@nestjs/common';
import { problem, ProblemError, SETTINGS, type FieldError } from '@retorno/service';
import type { Request } from 'express';
import { ConsoleSettings } from './settings';

/** Longest wait for an answer, ms. */
const PATIENCE_MS = 10_000;
/** Longest wait until a file has passed through and is stored, ms. */
const FILE_PATIENCE_MS = 600_000;

/** Whose login goes along: a request, or the visit that it is. */
export type Asking = Pick<Request, 'headers'>;

/** One page of a list. */
export interface ListPage<T> {
  items: T[];
  next: string | null;
}

/** A refusal that whoever filled in the form can do something about. */
export interface Refused {
  readonly refused: string;
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  /** What else the problem says. */
  readonly members?: Readonly<Record<string, unknown>>;
}

@Injectable()
export class Services {
  constructor(@Inject(SETTINGS) private readonly settings: ConsoleSettings) {}

  /** What a GET answers, as `request`'s sender. Throws the service's problem. */
  async get<T>(request: Asking, path: string): Promise<T> {
    const answer = await this.send(request, 'GET', path);
    const body: unknown = await answer.json();
    if (answer.ok) return body as T;
    throw new ProblemError(body as ProblemError['body']);
  }

  /** Does something, as `request`'s sender. A refusal of what was asked for is an answer; everything else is thrown. */
  async ask<T extends object>(
    request: Asking,
    method: 'POST' | 'PUT',
    path: string,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<T | Refused> {
    return read<T>(await this.send(request, method, path, body, headers));
  }

  /** Passes a file on as it comes, in the same way. */
  async upload<T extends object>(
    request: Asking,
    path: string,
    type: string,
    file: Buffer | ReadableStream,
  ): Promise<T | Refused> {
    const patience = AbortSignal.timeout(FILE_PATIENCE_MS);
    return read<T>(await this.send(request, 'POST', path, file, { 'content-type': type }, patience));
  }

  /** The same without reading the answer: streams and downloads. */
  async send(
    request: Asking,
    method: string,
    path: string,
    body?: object | string | Buffer | ReadableStream,
    headers: Record<string, string> = {},
    signal: AbortSignal = AbortSignal.timeout(PATIENCE_MS),
  ): Promise<Response> {
    const { authorization } = request.headers;
    const isJson = typeof body === 'object' && !Buffer.isBuffer(body) && !(body instanceof ReadableStream);
    const type = isJson ? { 'content-type': 'application/json' } : {};
    return fetch(this.urlOf(path), {
      method,
      signal,
      headers: { ...type, ...headers, ...(authorization === undefined ? {} : { authorization }) },
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
      ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body }),
    }).catch((error: unknown) => {
      if (signal.aborted && signal.reason instanceof Error && signal.reason.name !== 'TimeoutError')
        throw error;
      throw problem(503, 'unavailable', 'A service does not answer; try again in a moment.');
    });
  }

  private urlOf(path: string): URL {
    const [, first, second] = path.split(/[/?]/);
    // `/agencies` itself is the coordinator's list of all of them.
    if (first === 'agencies' && second) {
      return new URL(path, this.settings.AGENCY_URL.replace('{agency}', second));
    }
    if (first === 'intake') return new URL(path, this.settings.INTAKE_URL);
    if (first === 'statistics') return new URL(path, this.settings.STATISTICS_URL);
    if (first === 'portal') return new URL(path, this.settings.PORTAL_URL);
    return new URL(path, this.settings.COORDINATOR_URL);
  }
}

async function read<T extends object>(answer: Response): Promise<T | Refused> {
  const text = await answer.text();
  const said = (text === '' ? {} : JSON.parse(text)) as T & ProblemError['body'];
  if (answer.ok) return said;
  if (answer.status < 400 || answer.status >= 500 || answer.status === 401) throw new ProblemError(said);
  const { type, detail, errors = [], ...members } = said;
  return { refused: type.split(':').at(-1)!, status: answer.status, detail, errors, members };
}

/** What was asked for; undefined where there is no such thing, or no more. */
export async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ProblemError && [404, 410].includes(error.body.status)) return undefined;
    throw error;
  }
}

export function isRefused(answer: object): answer is Refused {
  return 'refused' in answer;
}
