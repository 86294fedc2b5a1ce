/**
 * What somebody new finds to do in the demonstration: one case whose agency is late, and messages parked for one cause
 * that is mended by then. Both come about in the product's own way, through its public interface.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { AgencyDefinition } from '@retorno/agency';
import { peruCalendar } from '@retorno/service';
import { ApiError, type Api } from '../api';
import { agencyClient } from '../issuer/people';
import { Breakdown } from './breakdown';
import { LaggingClock } from './lagging-clock';
import { whoStandsStill, whoWaits } from './returnees';

/** The agency in trouble: its staff answer nothing, and only let go of what is taken from them. */
export const SILENT = 'justice';
const LATE_SERVICE = 'legal-aid';
/** Where messages stand still. */
const BROKEN = 'health';
/** Everybody who lands in Lima is referred to it. */
const RECEPTION = 'assistance-centre';
/** So often a parked stream is tried again by itself: after that it waits for a person. */
const TRIES_BY_ITSELF = 3;
/** Longest wait for one step, ms. */
const PATIENCE_MS = 30_000;
const HOUR_MS = 3_600_000;

export interface Stage {
  readonly api: Api;
  /** The same interface as a client of one agency. */
  readonly apiOf: (client: string) => Api;
  readonly agencies: readonly AgencyDefinition[];
  readonly signal: AbortSignal;
}

interface Parked {
  id: string;
  kind: string;
  service: string;
  nextTryAt: string | null;
}

/** The parts of a start that the troubles need: give `clock` and `agencies` to the topology. */
export class Troubles {
  readonly clock = new LaggingClock();
  private readonly breakdown = new Breakdown(BROKEN);

  /** The agencies with what can be made to fail. */
  in(agencies: readonly AgencyDefinition[]): AgencyDefinition[] {
    return agencies.map((agency) => this.breakdown.in(agency));
  }

  /** Brings both about, before anybody else is at work; leaves out what the agencies that run do not allow. */
  async arrange(stage: Stage): Promise<void> {
    const slugs = new Set(stage.agencies.map(({ slug }) => slug));
    if (slugs.has(SILENT) && slugs.has(RECEPTION)) await this.makeLate(stage);
    if (slugs.has(BROKEN)) await this.makeStandStill(stage);
  }

  private async makeLate({ api, apiOf, agencies, signal }: Stage): Promise<void> {
    const offer = agencies
      .find(({ slug }) => slug === SILENT)!
      .services.find(({ code }) => code === LATE_SERVICE)!;
    try {
      this.clock.goBackTo(lateSince(offer.ack, this.clock.now()));
      const { caseId } = await api.post<{ caseId: string }>('/intake/returnees', whoWaits(this.clock.now()));
      await until(signal, () => isAt(api, caseId, SILENT, ['received']));
      await until(signal, () => isAt(api, caseId, RECEPTION, ['received', 'completed']));
      // They were received at the airport: one case is late with one thing.
      await finish(apiOf(agencyClient(RECEPTION)), RECEPTION);
      await until(signal, () => isAt(api, caseId, RECEPTION, ['completed']));
    } finally {
      this.clock.catchUp();
    }
    await until(signal, async () => (await api.get<{ overdue: number }>('/cases/summary')).overdue > 0);
  }

  private async makeStandStill({ api, signal }: Stage): Promise<void> {
    const people = whoStandsStill(this.clock.now());
    try {
      this.breakdown.begin();
      for (const person of people) await api.post('/intake/returnees', person);
      await until(signal, async () => (await parkedAt(api)).length >= people.length);
      // As it is after an hour: it was tried again, in vain, and waits for a person. Then the cause is mended.
      for (let i = 0; i < TRIES_BY_ITSELF; i++) {
        for (const { id } of await parkedAt(api)) await api.post(`/parked/${id}/redrive`, {});
      }
    } finally {
      this.breakdown.end();
    }
  }
}

/** The latest whole hour before `now` from which a deadline is over for at least one hour. */
export function lateSince(deadline: string, now: Date): Date {
  const calendar = peruCalendar();
  let since = now.getTime();
  while (calendar.add(new Date(since), deadline).getTime() > now.getTime() - HOUR_MS) since -= HOUR_MS;
  return new Date(since);
}

async function isAt(api: Api, caseId: string, agency: string, statuses: string[]): Promise<boolean> {
  const file = await api
    .get<{ referrals: { agency: string; status: string }[] }>(`/cases/${caseId}`)
    // It is opened when the coordinator hears of the person.
    .catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return { referrals: [] };
      throw error;
    });
  return file.referrals.some((referral) => referral.agency === agency && statuses.includes(referral.status));
}

/** What has come to an agency is done at once. */
async function finish(api: Api, agency: string): Promise<void> {
  for await (const { id } of api.all<{ id: string }>(`/agencies/${agency}/referrals?status=received`)) {
    for (const status of ['accepted', 'completed']) {
      await api.post(`/agencies/${agency}/referrals/${id}/answers`, { status, by: 'simulated staff' });
    }
  }
}

async function parkedAt(api: Api): Promise<Parked[]> {
  const found: Parked[] = [];
  for await (const stream of api.all<Parked>('/parked')) {
    if (stream.kind === 'parked' && stream.service === BROKEN) found.push(stream);
  }
  return found;
}

async function until(signal: AbortSignal, holds: () => Promise<boolean>): Promise<void> {
  for (const giveUpAt = Date.now() + PATIENCE_MS; !(await holds());) {
    if (Date.now() > giveUpAt) throw new Error(`what should have happened did not within ${PATIENCE_MS} ms`);
    await pause(100, undefined, { signal });
  }
}
