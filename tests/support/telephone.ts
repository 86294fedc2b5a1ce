/** The returnee's pages as a telephone without scripts and cookies meets them. */
import { parse, type HTMLElement } from 'node-html-parser';
import type { Answered, Registered, System } from './system';

/** A link as operations got it. */
export interface Link {
  id: string;
  url: string;
  expiresAt: string;
}

/** An answer and the page in it, or the page that it leads to. */
export interface Seen {
  answered: Answered;
  page: HTMLElement;
}

export const pathOf = ({ url }: Link): string => new URL(url).pathname;
export const textOf = (page: HTMLElement): string => page.querySelector('main')!.structuredText;
export const alertOf = (page: HTMLElement): string | undefined =>
  page.querySelector('[role=alert]')?.text.trim();
export const statusOf = (page: HTMLElement): string | undefined =>
  page.querySelector('[role=status]')?.text.trim();

export class Telephone {
  constructor(private readonly system: System) {}

  async linkFor({ caseId }: { caseId: string }, more: object = {}): Promise<Link> {
    const { status, body } = await this.system.call('POST', '/portal/links', { caseId, ...more });
    expect(status).toBe(201);
    return body as Link;
  }

  /** Somebody whose certificate is delivered, and waits for their word. */
  async delivered(): Promise<{ registered: Registered; link: Link }> {
    const registered = await this.system.register({ needs: ['civil-certificate'] });
    await this.system.complete({ id: registered.caseId }, 'civil-certificate');
    return { registered, link: await this.linkFor(registered) };
  }

  /** The page at an address below a link's. */
  async look(link: Link, below = '', lang = ''): Promise<Seen> {
    const query = lang === '' ? '' : `?lang=${lang}`;
    const answered = await this.system.call('GET', `${pathOf(link)}${below}${query}`);
    return { answered, page: parse(String(answered.body)) };
  }

  /** Sends a form of a page as a browser would: its hidden fields, what is typed, and the button. */
  async send(page: HTMLElement, action: string, typed: Record<string, string> = {}): Promise<Seen> {
    const form = page.querySelectorAll('form').find((one) => one.getAttribute('action')?.includes(action));
    if (!form) throw new Error(`the page has no form for ${action}`);
    const hidden = form
      .querySelectorAll('input[type=hidden]')
      .map((input): [string, string] => [input.getAttribute('name')!, input.getAttribute('value')!]);
    return this.submit(form.getAttribute('action')!, { ...Object.fromEntries(hidden), ...typed });
  }

  async submit(action: string, fields: Record<string, string>): Promise<Seen> {
    const response = await fetch(`${this.system.topology.url}${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
      redirect: 'manual',
    });
    await this.system.settle();
    const text = await response.text();
    const answered = { status: response.status, headers: response.headers, body: text };
    if (response.status !== 303) return { answered, page: parse(text) };
    const next = await this.system.call('GET', response.headers.get('location')!);
    expect(next.status).toBe(200);
    return { answered, page: parse(String(next.body)) };
  }
}
