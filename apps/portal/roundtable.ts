/** What the portal asks of the coordinator and of intake, through their public interfaces. */
import { Inject, Injectable } from '@nestjs/common';
import { ClientTokens, problem, SETTINGS } from '@retorno/service';
import { PortalSettings } from './settings';

/** Longest wait for an answer, ms: a page that takes longer is not worth waiting for. */
const PATIENCE_MS = 5_000;
/** Lines of the ledger that are read for a page; a case has some tens. */
const MOST_LINES = 2_000;

/** A case as `GET /cases/{id}` shows it: what the page needs of it. */
export interface CaseOfReturnee {
  id: string;
  number: string;
  status: string;
  consent: string;
  atRisk: boolean;
  mergedInto: { id: string } | null;
  /** The cases that went into this one; what was told under them stands there. */
  mergedFrom: { id: string }[];
  /** When the person's data was erased. */
  erasedAt?: string;
  referrals: ReferralOfReturnee[];
}

export interface ReferralOfReturnee {
  id: string;
  agency: string;
  agencyName: string | null;
  service: string;
  title: { es: string; en: string } | null;
  purpose: string | null;
  restricted: boolean;
  attempt: number;
  needs: string[];
  status: string;
  businessStatus: string | null;
  basis: string;
  scheduledFor: string | null;
  office: {
    name: string;
    address: string | null;
    phone: string | null;
    hours: string | null;
  } | null;
  confirmBy: string | null;
  cancellation: object | null;
}

/** A line of `GET /cases/{id}/disclosures`. */
export interface DisclosureOfReturnee {
  at: string;
  agency: string;
  service: string;
  referralId: string;
  sent: string[];
  basis: string;
  purpose: string | null;
  kind: string;
}

interface LedgerPart {
  items: DisclosureOfReturnee[];
  next: string | null;
}

/** A refusal of another service: its status and the code that its problem ends with. */
export interface Refused {
  refused: string;
  status: number;
}

@Injectable()
export class Roundtable {
  private readonly tokens: ClientTokens;

  constructor(@Inject(SETTINGS) private readonly settings: PortalSettings) {
    this.tokens = new ClientTokens(settings);
  }

  /** A case, or the one that it was merged into; undefined when there is none. */
  async findCase(id: string): Promise<CaseOfReturnee | undefined> {
    const found = await this.ask<CaseOfReturnee>('GET', this.coordinator(id));
    if (isRefused(found)) {
      if (found.status === 404) return undefined;
      throw unavailable();
    }
    return found.mergedInto ? this.findCase(found.mergedInto.id) : found;
  }

  /** What was told of a case and of those that were merged into it, newest first. */
  async disclosures({ id, mergedFrom }: CaseOfReturnee): Promise<DisclosureOfReturnee[]> {
    const ofEach = await Promise.all(
      [id, ...mergedFrom.map((one) => one.id)].map((one) => this.disclosuresOf(one)),
    );
    return ofEach.flat().sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  }

  private async disclosuresOf(caseId: string): Promise<DisclosureOfReturnee[]> {
    const lines: DisclosureOfReturnee[] = [];
    let next: string | null = '';
    while (next !== null && lines.length < MOST_LINES) {
      const path: string = `${this.coordinator(caseId)}/disclosures?limit=200&cursor=${encodeURIComponent(next)}`;
      const page: LedgerPart | Refused = await this.ask('GET', path);
      if (isRefused(page)) throw unavailable();
      lines.push(...page.items);
      next = page.next;
    }
    return lines;
  }

  say(
    caseId: string,
    referralId: string,
    outcome: 'confirmed' | 'disputed',
    reason: string | undefined,
  ): Promise<object | Refused> {
    const path = `${this.coordinator(caseId)}/referrals/${encodeURIComponent(referralId)}/confirmation`;
    return this.ask('POST', path, { outcome, ...WHO, ...(reason === undefined ? {} : { reason }) });
  }

  complain(
    caseId: string,
    complaint: { id: string; text: string; aboutReferral?: string },
  ): Promise<object | Refused> {
    return this.ask('POST', `${this.coordinator(caseId)}/complaints`, { ...complaint, ...WHO });
  }

  async changePhone(caseId: string, phone: string): Promise<object | Refused> {
    return this.ask('PUT', `${await this.returnee(caseId)}/contact`, { phone });
  }

  async withdraw(caseId: string, at: Date): Promise<object | Refused> {
    const body = { status: 'withdrawn', at: at.toISOString() };
    return this.ask('PUT', `${await this.returnee(caseId)}/consent`, body);
  }

  private coordinator(caseId: string): string {
    return new URL(`/cases/${encodeURIComponent(caseId)}`, this.settings.COORDINATOR_URL).href;
  }

  private async returnee(caseId: string): Promise<string> {
    const path = new URL('/intake/returnees', this.settings.INTAKE_URL).href;
    const found = await this.ask<{ items: { returneeId: string }[] }>('GET', `${path}?caseId=${caseId}`);
    const [returnee] = isRefused(found) ? [] : found.items;
    if (!returnee) throw unavailable();
    return `${path}/${returnee.returneeId}`;
  }

  private async ask<T extends object>(method: string, url: string, body?: object): Promise<T | Refused> {
    try {
      const answer = await fetch(url, {
        method,
        signal: AbortSignal.timeout(PATIENCE_MS),
        headers: {
          authorization: await this.tokens.bearer(),
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const said = (await answer.json()) as T & { type?: string };
      if (answer.ok) return said;
      if (answer.status < 500) {
        return { refused: said.type?.split(':').at(-1) ?? 'refused', status: answer.status };
      }
    } catch {
      // Not there, too slow, or no JSON: the same for whoever waits for a page.
    }
    throw unavailable();
  }
}

/** How whoever reads the case sees where it came from. */
const WHO = { by: 'the returnee', channel: 'portal' };

export function isRefused(answer: object): answer is Refused {
  return 'refused' in answer;
}

function unavailable(): Error {
  return problem(503, 'unavailable', 'The coordinator or intake does not answer; try again in a moment.');
}
