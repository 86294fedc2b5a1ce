/** Somebody at a browser without script: cookies, redirects, forms. */
import { parse } from 'node-html-parser';

export interface Shown {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly text: string;
}

export class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly origin: string) {}

  get cookieNames(): string[] {
    return [...this.cookies.keys()];
  }

  /** Follows redirects, as a browser does when somebody types an address or clicks a link. */
  open(path: string, headers: Record<string, string> = {}): Promise<Shown> {
    return this.request('GET', path, undefined, headers);
  }

  /** Sends a form from a page of the same site. */
  submit(path: string, fields: Record<string, string>): Promise<Shown> {
    return this.request('POST', path, new URLSearchParams(fields), {
      origin: this.origin,
      'sec-fetch-site': 'same-origin',
    });
  }

  /** Opens a page and logs in where that leads. */
  async logIn(path: string, login: string, password: string): Promise<Shown> {
    const form = await this.open(path);
    const action = parse(form.text).querySelector('form')?.getAttribute('action');
    if (!action) throw new Error(`no login form at ${form.url}: ${form.status}`);
    return this.submit(action, { login, password });
  }

  /** Any request, with the cookies of before; a redirect is followed by GET. */
  async request(
    method: string,
    path: string,
    body?: URLSearchParams | FormData | string,
    headers: Record<string, string> = {},
  ): Promise<Shown> {
    const url = new URL(path, this.origin);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { ...headers, ...(cookie ? { cookie } : {}) },
      ...(body ? { body } : {}),
    });
    this.keep(answer.headers.getSetCookie());
    const to = answer.headers.get('location');
    if (to && answer.status >= 300 && answer.status < 400) {
      await answer.arrayBuffer();
      return this.request('GET', new URL(to, url).href, undefined, {});
    }
    return { status: answer.status, url: url.href, headers: answer.headers, text: await answer.text() };
  }

  private keep(set: readonly string[]): void {
    for (const line of set) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      const isOver = /expires=Thu, 01 Jan 1970/i.test(line) || value === '';
      if (isOver) this.cookies.delete(name!);
      else this.cookies.set(name!, value!);
    }
  }
}
