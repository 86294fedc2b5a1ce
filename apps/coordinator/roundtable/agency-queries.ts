/** The agencies as the coordinator knows them: what they published, what was decided about them, how they keep up. */
import { Injectable } from '@nestjs/common';
import type { CataloguePublished } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import { problem, type Caller } from '@retorno/service';
import { CatalogueShelf } from '../casework/catalogues';
import { restrictedCodes } from '../saga/restricted';
import { AgencyPace, type AgencyFigures } from './pace';
import { contactOf, type AgencyFact, type Contact, type Maintenance, type Pause } from '../saga/standing';
import { StandingShelf } from './standings';

/** JSON of an agency, for whoever is logged in: nothing of it has to be counted. Instants are RFC 3339. */
export interface AgencyView extends Omit<CataloguePublished, 'agency' | 'contact'> {
  slug: string;
  contact: Contact;
  /** Its name says what somebody suffered: which cases it has is not listed under it, but under `restricted`. */
  restricted: boolean;
  /** It is sent nothing new; who decided it and why is for operations. */
  paused: Pause | { since: string } | null;
  /** The one that it is in, or the next one. */
  maintenance: Omit<Maintenance, 'by'> | null;
}

/** The same for operations: how it keeps up. */
export interface WatchedAgencyView extends AgencyView, AgencyFigures {
  /** Open cases that wait for it. */
  casesWaiting: number;
  /** Open cases of which something is ready for it and waits, because it is paused. */
  casesHeld: number;
  /** Referrals that it was sent and has not received: how far its service is behind, and since when (the oldest). */
  unread: { referrals: number; since: string | null };
}

interface Counts {
  waiting: number;
  held: number;
  unread: { referrals: number; since: string | null };
}

interface Count {
  agency: string;
  count: number;
}

const NOBODY_WAITS: Counts = { waiting: 0, held: 0, unread: { referrals: 0, since: null } };

const HISTORY = 50;

@Injectable()
export class AgencyQueries {
  constructor(
    private readonly catalogues: CatalogueShelf,
    private readonly standings: StandingShelf,
    private readonly pace: AgencyPace,
    private readonly messaging: Messaging,
  ) {}

  /** What an agency published. Throws problem 404. */
  catalogueOf(slug: string): CataloguePublished {
    const catalogue = this.catalogues.current().get(slug);
    if (!catalogue) throw problem(404, 'agency-not-found', 'No agency has published under this name.');
    return catalogue;
  }

  /** Agencies behind a slug, by slug. */
  list(caller: Caller, after: string, limit: number): AgencyView[] {
    return this.behind(after, limit).map((catalogue) => this.viewOf(catalogue, isWatching(caller)));
  }

  /** The same with how they keep up. */
  async watched(after: string, limit: number): Promise<WatchedAgencyView[]> {
    return this.watchedViews(this.behind(after, limit));
  }

  /** One agency, with what was decided about it, newest first. Throws problem 404. */
  async get(slug: string): Promise<object> {
    const [view] = await this.watchedViews([this.catalogueOf(slug)]);
    const rows: { body: string }[] = await this.messaging.dataSource.query(
      `select body from agency_fact where agency = $1 order by id desc limit ${HISTORY}`,
      [slug],
    );
    return { ...view, decided: rows.map(({ body }) => JSON.parse(body) as AgencyFact) };
  }

  private behind(after: string, limit: number): CataloguePublished[] {
    return [...this.catalogues.current().values()]
      .filter(({ agency }) => agency > after)
      .sort((a, b) => (a.agency < b.agency ? -1 : 1))
      .slice(0, limit);
  }

  private async watchedViews(catalogues: readonly CataloguePublished[]): Promise<WatchedAgencyView[]> {
    const slugs = catalogues.map(({ agency }) => agency);
    const [counts, figures] = await Promise.all([this.counts(), this.pace.of(slugs)]);
    return catalogues.map((catalogue) => {
      const { agency } = catalogue;
      const { waiting, held, unread } = counts.get(agency) ?? NOBODY_WAITS;
      const view = this.viewOf(catalogue, true);
      return { ...view, ...figures.get(agency)!, casesWaiting: waiting, casesHeld: held, unread };
    });
  }

  private viewOf({ agency, contact, ...rest }: CataloguePublished, isWatched: boolean): AgencyView {
    const standing = this.standings.current().get(agency);
    const { paused, maintenance } = standing ?? {};
    const now = this.messaging.clock.now().toISOString();
    const { from = '', until = '', note = '' } = maintenance ?? {};
    return {
      slug: agency,
      ...rest,
      contact: contactOf(standing, contact),
      restricted: restrictedCodes(this.catalogues.current()).has(agency),
      paused: paused ? (isWatched ? paused : { since: paused.since }) : null,
      maintenance: until > now ? { from, until, note } : null,
    };
  }

  /** Of open cases only, each counted beside the others: that is half of what one pass over all of it takes. */
  private async counts(): Promise<ReadonlyMap<string, Counts>> {
    const { dataSource } = this.messaging;
    const [owed, held, unread]: [Count[], Count[], (Count & { since: Date })[]] = await Promise.all([
      dataSource.query(
        `select agency, sum(cases)::int as count
         from (select agencies, count(*) as cases from open_case group by agencies) as alike, unnest(agencies) as agency
         group by agency`,
      ),
      dataSource.query(
        `select agency, count(*)::int as count from open_case, unnest(held_by) as agency where held_by <> '{}' group by agency`,
      ),
      dataSource.query(
        `select split_part(one, ' ', 1) as agency, count(*)::int as count, min(split_part(one, ' ', 2)::timestamptz) as since
         from open_case, unnest(unread) as one where unread <> '{}' group by 1`,
      ),
    ]);
    const counts = new Map<string, Counts>();
    const of = (agency: string): Counts => counts.get(agency) ?? NOBODY_WAITS;
    for (const { agency, count } of owed) counts.set(agency, { ...of(agency), waiting: count });
    for (const { agency, count } of held) counts.set(agency, { ...of(agency), held: count });
    for (const { agency, count, since } of unread) {
      counts.set(agency, { ...of(agency), unread: { referrals: count, since: since.toISOString() } });
    }
    return counts;
  }
}

function isWatching({ roles }: Caller): boolean {
  return roles.has('operations') || roles.has('auditor');
}
