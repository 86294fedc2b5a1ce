/** Somebody at a real browser's window: logged in, and whatever the window complains about is kept. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { System } from './system';

/** How a window is set up. */
export interface Window {
  language?: 'es' | 'en';
  scheme?: 'light' | 'dark';
  width?: number;
  height?: number;
}

/** So that a failure is told by what was waited for, ms. */
const PATIENCE_MS = 30_000;

/** Marks a page that has fetched itself again for the first time. */
const FOLLOWED = `addEventListener('htmx:after:swap', () => document.documentElement.toggleAttribute('data-followed', true));`;

export class Desk {
  private readonly said: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly system: System,
  ) {
    this.watch(page);
  }

  static async open(browser: Browser, system: System, window: Window = {}): Promise<Desk> {
    const context = await browser.newContext({
      baseURL: system.topology.url,
      colorScheme: window.scheme ?? 'light',
      viewport: { width: window.width ?? 1280, height: window.height ?? 800 },
      locale: 'es-PE',
      timezoneId: 'America/Lima',
    });
    if (window.language) {
      const cookie = { name: 'retorno-language', value: window.language, url: system.topology.url };
      await context.addCookies([cookie]);
    }
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addInitScript(FOLLOWED);
    return new Desk(context, await context.newPage(), system);
  }

  /** Goes to an address and logs in where that leads. */
  async logIn(login: string, path = '/console'): Promise<this> {
    await this.page.goto(path);
    await this.enter(login);
    return this;
  }

  /** Fills in the login page that a page shows. */
  async enter(login: string, page = this.page): Promise<void> {
    await page.locator('#login').selectOption(login);
    await page.locator('#password').fill(this.system.topology.logins.password!);
    await page.getByRole('button', { name: 'Entrar' }).click();
    await page.locator('#content').waitFor();
  }

  /** Waits until the page is connected, and has fetched what happened before it was. */
  async isFollowing(): Promise<void> {
    await this.page.locator('[data-followed]').waitFor({ state: 'attached' });
  }

  /** What pages complained of: script errors, refusals of the content security policy, answers that failed. */
  get complaints(): readonly string[] {
    return this.said;
  }

  /** The same of another window of this desk. */
  watch(page: Page): void {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()))
        this.said.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.said.push(`script: ${error.message}`));
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
