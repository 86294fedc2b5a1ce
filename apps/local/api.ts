/** The public HTTP interface as the simulator and the terminal use it. */

/** One page of a list. */
export interface ListPage<T> {
  items: T[];
  next: string | null;
}

/** An answer that was not 2xx. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    path: string,
    detail: string,
  ) {
    super(`${status} from ${path}: ${detail}`);
    this.name = 'ApiError';
  }
}

/** Calls the interface of a running system. */
export class Api {
  constructor(
    private readonly url: string,
    /** The Authorization header of a request. */
    private readonly bearer: (method: string, path: string) => Promise<string>,
    private readonly signal?: AbortSignal,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.call<T>('GET', path);
  }

  post<T>(path: string, body: object, headers: Record<string, string> = {}): Promise<T> {
    return this.call<T>('POST', path, JSON.stringify(body), {
      'content-type': 'application/json',
      ...headers,
    });
  }

  upload<T>(path: string, csv: string | Buffer): Promise<T> {
    return this.call<T>('POST', path, csv, { 'content-type': 'text/csv' });
  }

  /** Every item of a list, page by page. */
  async *all<T>(path: string): AsyncGenerator<T> {
    let next: string | null = '';
    while (next !== null) {
      const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
      const found: ListPage<T> = await this.get(`${path}${path.includes('?') ? '&' : '?'}limit=200${cursor}`);
      yield* found.items;
      next = found.next;
    }
  }

  private async call<T>(
    method: string,
    path: string,
    body?: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<T> {
    // Given to fetch itself, one signal for thousands of requests collects thousands of listeners.
    this.signal?.throwIfAborted();
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...headers, authorization: await this.bearer(method, path) },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    if (!response.ok) {
      const detail = text.startsWith('{') ? (JSON.parse(text) as { detail?: string }).detail : undefined;
      throw new ApiError(response.status, path, detail ?? 'no detail');
    }
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
