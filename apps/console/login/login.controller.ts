import { Controller, Get, Inject, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public, SETTINGS, Throttle } from '@retorno/service';
import type { Request, Response } from 'express';
import { Cookie } from './cookies';
import { Issuer, type Departure } from './issuer';
import { byePage, failedPage } from './login-pages';
import { donePage } from '../frame/expired';
import { sendPage } from '../frame/page';
import { Sealer } from './sealed';
import { SESSION_COOKIE } from './session.middleware';
import { Sessions } from './sessions';
import { ConsoleSettings } from '../settings';
import { ConsoleFilter } from '../frame/console-filter';
import { languageOf } from '../frame/texts';

/** How long somebody may take at the issuer, ms. */
const AWAY_MS = 10 * 60_000;

/** Logging in and out: here nobody is known yet, or any more. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Public('where logins are made and ended')
@Controller('console')
export class LoginController {
  private readonly departures: Cookie;
  private readonly session: Cookie;
  private readonly sealer: Sealer;

  constructor(
    private readonly issuer: Issuer,
    private readonly sessions: Sessions,
    private readonly throttle: Throttle,
    @Inject(SETTINGS) settings: ConsoleSettings,
  ) {
    this.departures = new Cookie('retorno-login', settings.PUBLIC_URL);
    this.session = new Cookie(SESSION_COOKIE, settings.PUBLIC_URL);
    this.sealer = new Sealer(settings.OIDC_CLIENT_SECRET, 'departures');
  }

  @Get('login')
  async depart(@Query('to') to: unknown, @Res() response: Response): Promise<void> {
    const { url, departure } = await this.issuer.depart(ownPath(to));
    const sealed = this.sealer.seal(JSON.stringify(departure)).toString('base64url');
    this.departures.set(response, sealed, AWAY_MS);
    response.redirect(303, url);
  }

  @Get('login/callback')
  async arrive(@Req() request: Request, @Res() response: Response): Promise<void> {
    const departure = this.departureOf(request);
    this.departures.clear(response);
    const granted =
      departure && (await this.issuer.arrive(request.originalUrl, departure).catch(() => undefined));
    if (!granted) {
      await this.throttle.failure(request.ip ?? '');
      return sendPage(response.status(400), failedPage(languageOf(request)));
    }
    // A new session and never the one before: who knew that one's id would be in with us.
    const before = this.session.read(request);
    if (before !== undefined) await this.sessions.end(before);
    this.session.set(response, await this.sessions.begin(granted));
    response.redirect(303, departure.returnTo);
  }

  @Get('login/done')
  done(@Req() request: Request, @Res() response: Response): void {
    sendPage(response, donePage(languageOf(request)));
  }

  @Post('logout')
  async leave(@Req() request: Request, @Res() response: Response): Promise<void> {
    const id = this.session.read(request);
    const tokens = id === undefined ? undefined : await this.sessions.end(id);
    this.session.clear(response);
    // With the issuer's session alive the next one at this screen would be in without a password.
    const to = tokens ? await this.issuer.endUrl(tokens).catch(() => undefined) : undefined;
    response.redirect(303, to ?? '/console/bye');
  }

  @Get('bye')
  bye(@Req() request: Request, @Res() response: Response): void {
    sendPage(response, byePage(languageOf(request)));
  }

  private departureOf(request: Request): Departure | undefined {
    const sealed = this.departures.read(request);
    const text = sealed && this.sealer.open(Buffer.from(sealed, 'base64url'));
    return text ? (JSON.parse(text) as Departure) : undefined;
  }
}

/** A page of the console, whatever was asked for: a login must not lead somebody elsewhere. */
export function ownPath(to: unknown): string {
  return typeof to === 'string' && /^\/console(\/[\w/.-]*)?(\?[\w=&%.,:+-]*)?$/.test(to) ? to : '/console';
}
