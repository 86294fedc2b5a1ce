/**
 * Plays staff, returnees and operations in one system through its public interface until nothing is left to say. What staff
 * and returnees say is under way at once, in an order that differs by system, for that must not matter. Operations act on
 * what they see, and wait until everything is at rest.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { Api, ApiError } from '../../apps/local/api';
import { describeFlow, flowOf, isAtRest } from '../faults/flow';
import type { Case, Referral } from '../support/case-view';
import { eventually } from '../support/eventually';
import { manifestCsv, type ManifestRow } from '../support/manifest';
import { finalCase, type AgencyItem, type FinalCase } from './final-case';
import * as people from './people';
import { serviceNames, type Side } from './side';

/** Requests under way at once. */
const AT_ONCE = 8;
/** Longest wait for everything that follows from a round, ms. */
const REST_MS = 180_000;
const LOOK_MS = 50;
/** Nobody takes so many turns. */
const MOST_ROUNDS = 60;

/** How the cases stand in the end, and what was said on the way. */
export interface Played {
  /** By external id. */
  cases: Map<string, FinalCase>;
  /** Of each manifest, without ids. */
  manifests: string[];
  /** Every request and its status, sorted. */
  said: string[];
  rounds: number;
}

/** All that is said of one referral at a time. */
interface Talk {
  name: string;
  say: () => Promise<void>;
}

export class Driver {
  private readonly api: Api;
  private readonly database: Client;
  private readonly services = serviceNames();
  /** Case ids and returnee ids by external id. */
  private readonly known = new Map<string, { caseId: string; returneeId: string }>();
  private readonly manifests: string[] = [];
  private readonly said: string[] = [];
  /** Turns taken, by a referral's name; words given and remedies tried, by theirs. */
  private readonly turns = new Map<string, number>();
  private readonly done = new Set<string>();
  /** Cases as last read at rest, by external id; those that something was said of since are read again. */
  private readonly read = new Map<string, Case>();
  private rounds = 0;

  constructor(private readonly side: Side) {
    this.api = new Api(side.url, side.bearers);
    this.database = new Client({ connectionString: side.databaseUrl });
  }

  /** Hands in the manifests one after the other, lets everybody speak, and gives how the cases stand. */
  async play(manifests: readonly (readonly ManifestRow[])[]): Promise<Played> {
    await this.database.connect();
    try {
      for (const rows of manifests) await this.handIn(rows);
      await this.round();
      await this.inOrder(await this.files(), ([name, file]) => people.ownAccord(name, file));
      await this.changeMinds(manifests.flat());
      while (await this.round()) {
        if (this.rounds > MOST_ROUNDS) throw new Error(`people still talk after ${MOST_ROUNDS} rounds`);
      }
      return {
        cases: await this.finals(),
        manifests: this.manifests,
        said: this.said.toSorted(),
        rounds: this.rounds,
      };
    } finally {
      await this.database.end();
    }
  }

  private async handIn(rows: readonly ManifestRow[]): Promise<void> {
    const { id } = await this.api.upload<{ id: string }>('/intake/manifests', manifestCsv(rows));
    await this.rest();
    const { status, created, updated, unchanged, rejected, errors } = await this.api.get<
      Record<string, unknown>
    >(`/intake/manifests/${id}`);
    this.manifests.push(JSON.stringify({ status, created, updated, unchanged, rejected, errors }));
    for await (const row of this.api.all<{
      externalId: string | null;
      caseId: string | null;
      returneeId: string | null;
    }>(`/intake/manifests/${id}/rows`)) {
      const { externalId, caseId, returneeId } = row;
      if (!externalId || !caseId || !returneeId) continue;
      this.known.set(externalId, { caseId, returneeId });
      this.read.delete(externalId);
    }
  }

  /** One round of everybody; false when nobody had anything to say. */
  private async round(): Promise<boolean> {
    this.rounds += 1;
    const before = this.said.length;
    await this.talk();
    await this.inOrder(await this.files(), ([name, file]) => this.remedies(name, file));
    return this.said.length > before;
  }

  /** Staff and returnees say what they have to say now; then everything comes to rest. */
  private async talk(): Promise<void> {
    const talks = [...(await this.files())].flatMap(([externalId, file]) =>
      file.referrals.flatMap((referral) => this.talkOf(externalId, file, referral)),
    );
    if (talks.length === 0) return;
    const mixed = talks.toSorted((a, b) => (this.place(a.name) < this.place(b.name) ? -1 : 1));
    await inParallel(mixed, ({ say }) => say());
    await this.rest();
  }

  private talkOf(externalId: string, file: Case, referral: Referral): Talk[] {
    const name = people.nameOf(externalId, referral);
    const word = referral.confirmBy && this.isNew(`word ${name}`) ? people.wordOf(name) : undefined;
    if (word) {
      const path = `/cases/${file.id}/referrals/${referral.id}/confirmation`;
      return [{ name, say: () => this.say(externalId, `${name} confirmation`, path, word) }];
    }
    const turn = this.turnOf(name, referral);
    if (turn.length === 0) return [];
    if (!referral.cancellation) this.turns.set(name, (this.turns.get(name) ?? 0) + 1);
    const path = `/agencies/${referral.agency}/referrals/${referral.id}/answers`;
    const say = async (): Promise<void> => {
      for (const answer of turn) {
        const what = `${name} ${answer.status} ${answer.businessStatus ?? ''}`;
        await this.say(externalId, what, path, { ...answer, by: 'staff' });
      }
    };
    return [{ name, say }];
  }

  private turnOf(name: string, referral: Referral): people.Turn {
    if (!['received', 'accepted', 'in-progress', 'on-hold'].includes(referral.status)) return [];
    if (referral.cancellation) return [people.whenRecalled(name, referral.service)];
    if (referral.businessStatus === 'info-requested') return [];
    return people.turnsOf(name, referral.service)[this.turns.get(name) ?? 0] ?? [];
  }

  private remedies(externalId: string, file: Case): people.Command[] {
    const open = file.escalations.filter((escalation) => escalation.status !== 'resolved');
    const named = open.map((escalation) => {
      const about = file.referrals.find((r) => r.id === escalation.referralId);
      const subject = about ? people.nameOf(externalId, about) : `${externalId} ${escalation.group ?? ''}`;
      return { escalation, name: `${subject} ${escalation.reason}` };
    });
    const sorted = named.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    // The first one only: what it changes may make another of the list void.
    const next = sorted.find(({ name }) => this.isNew(name));
    return next ? people.remedyFor(externalId, file, next.escalation) : [];
  }

  /** Operations, case by case, each command when the one before it was answered; then everything comes to rest. */
  private async inOrder(
    files: ReadonlyMap<string, Case>,
    commandsOf: (entry: [string, Case]) => people.Command[],
  ): Promise<void> {
    await inParallel([...files], async (entry) => {
      const [externalId, file] = entry;
      for (const { path, body } of commandsOf(entry)) {
        const referral = file.referrals.find((r) => path.includes(r.id));
        const what = path.replace(/[0-9a-f-]{36}/, referral ? people.nameOf('', referral) : '');
        const whole = path.startsWith('/') ? path : `/cases/${file.id}/${path}`;
        await this.say(externalId, `${externalId} ${what}`, whole, body);
      }
    });
    await this.rest();
  }

  /** Second thoughts of returnees: half of them tell us, the other half stand otherwise in the next manifest. */
  private async changeMinds(rows: readonly ManifestRow[]): Promise<void> {
    const at = new Date().toISOString();
    const changed = rows.flatMap((row) => {
      const consent = people.laterConsent(row.external_id, row.consent);
      return consent ? [{ row, consent }] : [];
    });
    const told = ({ row, consent }: { row: ManifestRow; consent: string }): boolean =>
      consent === 'withdrawn' || people.chance(row.external_id, 'tells') < 0.5;
    await inParallel(changed.filter(told), async ({ row: { external_id: id }, consent }) => {
      const of = this.known.get(id);
      if (!of) return;
      const path = `/intake/returnees/${of.returneeId}/consent`;
      await this.say(id, `${id} ${consent}`, path, { status: consent, at }, 'PUT');
    });
    await this.rest();
    const again = changed.filter((one) => !told(one));
    if (again.length > 0)
      await this.handIn(again.map(({ row, consent }) => ({ ...row, consent, consent_at: at })));
  }

  /** Every case as it stands, by external id. Only asked at rest. */
  private async files(): Promise<Map<string, Case>> {
    const unread = [...this.known].filter(([externalId]) => !this.read.has(externalId));
    await inParallel(unread, async ([externalId, { caseId }]) => {
      this.read.set(externalId, await this.api.get<Case>(`/cases/${caseId}`));
    });
    return new Map([...this.read].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  private async finals(): Promise<Map<string, FinalCase>> {
    const agencies = new Map<string, AgencyItem>();
    for await (const { slug } of this.api.all<{ slug: string }>('/agencies')) {
      for await (const item of this.api.all<AgencyItem>(`/agencies/${slug}/referrals`))
        agencies.set(item.id, item);
    }
    const externalIds = new Map([...this.known].map(([externalId, { caseId }]) => [caseId, externalId]));
    this.read.clear();
    const files = await this.files();
    return new Map([...files].map(([id, file]) => [id, finalCase(file, agencies, externalIds)]));
  }

  /** One request about a case; a refusal is an answer like any other and is noted, trouble is none. */
  private async say(
    externalId: string,
    what: string,
    path: string,
    said: object,
    method: 'POST' | 'PUT' = 'POST',
  ): Promise<void> {
    this.read.delete(externalId);
    const body = JSON.stringify(said);
    const authorization = await this.side.bearers(method, path);
    const headers = { 'content-type': 'application/json', authorization };
    const response = await fetch(`${this.side.url}${path}`, { method, headers, body });
    const text = await response.text();
    if (response.status >= 500) throw new ApiError(response.status, path, text.slice(0, 500));
    this.said.push(`${what} ${response.status}`);
  }

  /** Until every event was handled by everybody who reads it, and what followed from it. */
  private async rest(): Promise<void> {
    const query = async (sql: string): Promise<object[]> => (await this.database.query(sql)).rows;
    const look = async (): Promise<boolean> => {
      if (isAtRest(await flowOf(query, this.services))) return true;
      await pause(LOOK_MS);
      return false;
    };
    await eventually(look, REST_MS).catch(async (error: unknown) => {
      const waits = describeFlow(await flowOf(query, this.services));
      throw new Error(`${this.side.name} does not come to rest: ${waits}`, { cause: error });
    });
  }

  private isNew(name: string): boolean {
    if (this.done.has(name)) return false;
    this.done.add(name);
    return true;
  }

  /** Another order in each system. */
  private place(name: string): string {
    return createHash('sha256').update(`${this.side.name} ${this.rounds} ${name}`).digest('hex');
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  });
  await Promise.all(workers);
}
