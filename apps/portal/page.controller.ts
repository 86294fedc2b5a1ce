import { Controller, Get, Inject, Param, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { onceOf } from './once';
import type { Clock } from '@retorno/messaging';
import { CLOCK, SETTINGS, Public } from '@retorno/service';
import type { Request, Response } from 'express';
import { readForm } from '@retorno/service';
import { formKeyOf, isFormOf, Links, type OpenLink } from './links';
import { Limit } from './limits';
import { PageFilter, sendOn, sendPage } from './page-filter';
import { MOST_TEXT, type Setting } from './frame';
import { ledgerPage } from './ledger-page';
import { complaintPage, homePage, MOST_REASON, noticePage, phonePage, withdrawPage } from './pages';
import { askedForPhone, isPhone } from './phone';
import { isRefused, Roundtable, type CaseOfReturnee } from './roundtable';
import { helpPhoneOf, PortalSettings } from './settings';
import { STYLE } from './style';
import { languageOf } from './texts/texts';
import type { TextKey } from './texts/translation';
import { visibleReferrals } from './visible';

const MINUTE_MS = 60_000;

const DONE: Readonly<Record<string, TextKey>> = {
  confirmed: 'done.confirmed',
  disputed: 'done.disputed',
  phone: 'done.phone',
  withdrawn: 'done.withdrawn',
  complaint: 'done.complaint',
};

/** What operations read, in the language in which they work. */
const ASKED_TO_WITHDRAW =
  'The page asks to withdraw the consent. Nothing was stopped, and the page does not say so. Somebody else may have asked: ' +
  'ask this person, on the safe telephone that is known, and record it only then.';

/** One request for a page: whose it is and how it is answered. */
interface Visit {
  link: OpenLink;
  found: CaseOfReturnee;
  setting: Setting;
  request: Request;
  response: Response;
}

/** The returnee's own pages. Who has the link is the returnee: there is no other login, and no cookie. */
@ApiExcludeController()
@Public('who has the link is the returnee: the token in it is the login')
@UseFilters(PageFilter)
@Controller('portal')
export class PageController {
  private readonly perLink = new Limit(120, MINUTE_MS);
  private readonly wrongPerAddress = new Limit(30, MINUTE_MS);

  constructor(
    private readonly links: Links,
    private readonly roundtable: Roundtable,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: PortalSettings,
  ) {}

  @Get('style.css')
  style(@Res() response: Response): void {
    response.type('text/css').set('Cache-Control', 'public, max-age=3600').send(STYLE);
  }

  @Get('my/:token')
  home(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.visit(token, request, response, async ({ setting, found }) => homePage(setting, found));
  }

  @Get('my/:token/phone')
  phone(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.visit(token, request, response, async ({ setting }) =>
      phonePage(setting, { once: onceOf(undefined) }),
    );
  }

  @Get('my/:token/withdraw')
  withdrawal(
    @Param('token') token: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.visit(token, request, response, async ({ setting, found }) => withdrawPage(setting, found));
  }

  @Get('my/:token/complaint')
  complaint(
    @Param('token') token: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.visit(token, request, response, async ({ setting, found }) =>
      complaintPage(setting, found, { once: onceOf(undefined) }),
    );
  }

  @Get('my/:token/ledger')
  ledger(
    @Param('token') token: string,
    @Query('from') from: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.visit(token, request, response, async ({ setting, found }) => {
      const first = typeof from === 'string' && /^\d{1,4}$/.test(from) ? Number(from) : 0;
      return ledgerPage(setting, found, await this.roundtable.disclosures(found), first);
    });
  }

  @Post('my/:token/word')
  word(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.form(token, request, response, async (visit, { referral = '', outcome, reason = '' }) => {
      const { found, setting, response: answer } = visit;
      const refuse = (wrong: TextKey): string => {
        answer.status(409);
        return homePage({ ...setting, wrong }, found);
      };
      const about = visibleReferrals(found).find(({ id }) => id === referral);
      if (!about || (outcome !== 'confirmed' && outcome !== 'disputed')) return refuse('wrong.form');
      if (about.businessStatus === outcome) return done(visit, outcome);
      if (reason.length > MOST_REASON) return refuse('wrong.long');
      const said = await this.roundtable.say(found.id, about.id, outcome, reason === '' ? undefined : reason);
      return isRefused(said) ? refuse('wrong.answered') : done(visit, outcome);
    });
  }

  @Post('my/:token/phone')
  changePhone(
    @Param('token') token: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.form(token, request, response, async (visit, { phone = '', once }) => {
      const { found, setting, response: answer } = visit;
      const id = onceOf(once);
      const refuse = (status: number, wrong: TextKey): string => {
        answer.status(status);
        return phonePage({ ...setting, wrong }, { once: id, phone: phone.slice(0, 16) });
      };
      if (!isPhone(phone)) return refuse(422, 'wrong.phone');
      // Whoever holds this telephone may not be who the page is about. They read the same answer; a person asks first.
      const said = found.atRisk
        ? await this.roundtable.complain(found.id, { id, text: askedForPhone(phone) })
        : await this.roundtable.changePhone(found.id, phone);
      return isRefused(said) ? refuse(409, 'wrong.call') : done(visit, 'phone');
    });
  }

  @Post('my/:token/withdraw')
  withdraw(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.form(token, request, response, async (visit) => {
      const { found, setting, response: answer } = visit;
      if (found.consent === 'withdrawn') return done(visit, 'withdrawn');
      // Ley 29733, article 13.7: taking back asks for what giving did. Whoever holds the link of somebody at risk may be
      // whom that person flees: they read the same answer, and a person asks before the help stops.
      const said = found.atRisk
        ? await this.roundtable.complain(found.id, { id: onceOf(undefined), text: ASKED_TO_WITHDRAW })
        : await this.roundtable.withdraw(found.id, this.clock.now());
      if (!isRefused(said)) return done(visit, 'withdrawn');
      // For a child somebody else has to say it.
      answer.status(409);
      return withdrawPage({ ...setting, wrong: 'wrong.call' }, found);
    });
  }

  @Post('my/:token/complaint')
  complain(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.form(token, request, response, async (visit, { text = '', about = '', once }) => {
      const { found, setting, response: answer } = visit;
      const id = onceOf(once);
      const refuse = (wrong: TextKey): string => {
        answer.status(422);
        return complaintPage({ ...setting, wrong }, found, {
          once: id,
          text: text.slice(0, MOST_TEXT),
          about,
        });
      };
      if (text === '') return refuse('wrong.empty');
      if (text.length > MOST_TEXT) return refuse('wrong.long');
      const known = visibleReferrals(found).some((r) => r.id === about);
      if (about !== '' && !known) return refuse('wrong.form');
      const said = await this.roundtable.complain(found.id, {
        id,
        text,
        ...(about === '' ? {} : { aboutReferral: about }),
      });
      return isRefused(said) ? refuse('wrong.later') : done(visit, 'complaint');
    });
  }

  /** A form: read, found to be of this link's own pages, and then carried out. */
  private async form(
    token: string,
    request: Request,
    response: Response,
    carryOut: (visit: Visit, fields: Readonly<Record<string, string>>) => Promise<string | undefined>,
  ): Promise<void> {
    const fields = await readForm(request, response);
    await this.visit(token, request, response, async (visit) => {
      if (fields && isFormOf(token, fields['key'] ?? '')) return carryOut(visit, fields);
      response.status(fields ? 403 : 413);
      return homePage({ ...visit.setting, wrong: fields ? 'wrong.form' : 'wrong.long' }, visit.found);
    });
  }

  /** Opens the link and answers with the page; with the same page whatever is wrong with the link. */
  private async visit(
    token: string,
    request: Request,
    response: Response,
    answer: (visit: Visit) => Promise<string | undefined>,
  ): Promise<void> {
    const now = this.clock.now();
    const asked = languageOf(request.query['lang']);
    const common = { now, helpPhone: helpPhoneOf(this.settings), exitUrl: this.settings.EXIT_URL };
    const notice = (status: number, wrong: TextKey): void => {
      response.status(status);
      // Nothing of the link: whether it ever was one is not told.
      sendPage(response, noticePage({ ...common, language: asked ?? 'es', base: '' }, wrong));
    };
    const link = await this.links.open(token);
    if (!link) {
      // Only wrong links count: a neighbour's guesses must not lock out whoever has a right one.
      const free = this.wrongPerAddress.take(request.socket.remoteAddress ?? '', now);
      return free ? notice(404, 'wrong.link') : notice(429, 'wrong.often');
    }
    if (!this.perLink.take(link.id, now)) return notice(429, 'wrong.often');
    const found = await this.roundtable.findCase(link.caseId);
    if (!found || found.erasedAt !== undefined) return notice(404, 'wrong.link');
    const setting: Setting = {
      ...common,
      language: asked ?? link.language,
      base: `/portal/my/${token}`,
      formKey: formKeyOf(token),
      done: request.method === 'GET' ? DONE[String(request.query['done'])] : undefined,
    };
    const page = await answer({ link, found, setting, request, response });
    if (page !== undefined) sendPage(response, page);
  }
}

/** After a form the telephone asks for the page again, so that going back and reloading sends nothing twice. */
function done({ setting, response }: Visit, what: keyof typeof DONE): undefined {
  sendOn(response, `${setting.base}?lang=${setting.language}&done=${what}`);
}
