/** What operations decided about an agency: paused, under maintenance, reached elsewhere. Pure. */

/** Mail and telephone of whoever answers for the agency. */
export interface Contact {
  readonly email?: string;
  readonly phone?: string;
}

/** Instants are RFC 3339, as `Date.toISOString` writes them. */
export interface Pause {
  readonly since: string;
  /** Name of who decided it. */
  readonly by: string;
  readonly reason: string;
}

/** From `from` to before `until`. */
export interface Maintenance {
  readonly from: string;
  readonly until: string;
  readonly note: string;
  readonly by: string;
}

/** One agency. No personal data of returnees; names are those of operations' staff. */
export interface AgencyStanding {
  readonly agency: string;
  /** How many facts it is made of: of two versions the greater is the newer one. */
  readonly facts: number;
  /** It is sent nothing new. */
  readonly paused?: Pause;
  /** The last one announced; it may be over. */
  readonly maintenance?: Maintenance;
  /** In the stead of what the agency published, for as long as it publishes the same. */
  readonly contact?: Contact & { readonly insteadOf: Contact };
}

/** By agency; one of which nothing was decided is not there. A changed one makes a new map. */
export type Standings = ReadonlyMap<string, AgencyStanding>;

/** What can be decided about an agency. */
export type AgencyCommand =
  | { readonly type: 'pause' | 'resume'; readonly reason: string }
  | { readonly type: 'announce'; readonly from: string; readonly until: string; readonly note: string }
  | { readonly type: 'end-maintenance'; readonly reason: string }
  | {
      readonly type: 'correct-contact';
      readonly contact: Contact;
      readonly published: Contact;
      readonly reason: string;
    };

/** One thing that was decided about an agency, by whom and why. */
export interface AgencyFact {
  readonly type: 'paused' | 'resumed' | 'maintenance-announced' | 'maintenance-ended' | 'contact-corrected';
  readonly at: string;
  readonly by: string;
  readonly reason: string;
  /** Of an announcement. */
  readonly from?: string;
  readonly until?: string;
  /** Of a correction: as it is now, and what was published when it was made. */
  readonly contact?: Contact;
  readonly insteadOf?: Contact;
}

/** A command that makes no sense now: `code` as in a problem, `field` where one is wrong. */
export class StandingRefusal extends Error {
  constructor(
    readonly code: 'already-paused' | 'not-paused' | 'no-maintenance' | 'bad-window',
    readonly detail: string,
    readonly field?: string,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** Longest maintenance, ms: whoever is away for longer is paused, so that others are asked. */
const LONGEST_MS = 14 * 86_400_000;

/** The fact that follows from a command. Throws a StandingRefusal. */
export function decideStanding(
  standing: AgencyStanding | undefined,
  command: AgencyCommand,
  { now, by }: { readonly now: Date; readonly by: string },
): AgencyFact {
  const at = now.toISOString();
  switch (command.type) {
    case 'pause':
      if (standing?.paused) throw new StandingRefusal('already-paused', 'The agency is paused already.');
      return { type: 'paused', at, by, reason: command.reason };
    case 'resume':
      if (!standing?.paused) throw new StandingRefusal('not-paused', 'The agency is not paused.');
      return { type: 'resumed', at, by, reason: command.reason };
    case 'announce': {
      const [from, until] = [new Date(command.from), new Date(command.until)];
      const bad = (detail: string, field: string) => new StandingRefusal('bad-window', detail, field);
      if (until <= from) throw bad('until must be later than from.', 'until');
      if (until <= now) throw bad('until must lie ahead.', 'until');
      if (until.getTime() - from.getTime() > LONGEST_MS)
        throw bad('A maintenance lasts 14 days at most: pause the agency for longer.', 'until');
      const window = { from: from.toISOString(), until: until.toISOString() };
      return { type: 'maintenance-announced', at, by, reason: command.note, ...window };
    }
    case 'end-maintenance':
      if (!standing?.maintenance || standing.maintenance.until <= at)
        throw new StandingRefusal('no-maintenance', 'No maintenance is announced.');
      return { type: 'maintenance-ended', at, by, reason: command.reason };
    case 'correct-contact': {
      const { contact, published: insteadOf, reason } = command;
      return { type: 'contact-corrected', at, by, reason, contact, insteadOf };
    }
  }
}

/** The standing after a fact. */
export function evolveStanding(
  agency: string,
  before: AgencyStanding | undefined,
  fact: AgencyFact,
): AgencyStanding {
  const standing = { ...(before ?? { agency, facts: 0 }), facts: (before?.facts ?? 0) + 1 };
  const { at, by, reason } = fact;
  switch (fact.type) {
    case 'paused':
      return { ...standing, paused: { since: at, by, reason } };
    case 'resumed': {
      const { paused: _paused, ...rest } = standing;
      return rest;
    }
    case 'maintenance-announced': {
      const { from = at, until = at } = fact;
      return { ...standing, maintenance: { from, until, note: reason, by } };
    }
    case 'maintenance-ended': {
      const { maintenance, ...rest } = standing;
      if (!maintenance || maintenance.from >= at) return rest;
      // Reminders that it held back go out at its end, which is now.
      return { ...rest, maintenance: { ...maintenance, until: at } };
    }
    case 'contact-corrected': {
      const { contact = {}, insteadOf = {} } = fact;
      return { ...standing, contact: { ...contact, insteadOf } };
    }
  }
}

/** True while an agency is sent nothing new. */
export function isPaused(standings: Standings, agency: string): boolean {
  return standings.get(agency)?.paused !== undefined;
}

/** The maintenance that an agency is in at an instant. */
export function maintenanceAt(standings: Standings, agency: string, at: Date): Maintenance | undefined {
  const window = standings.get(agency)?.maintenance;
  const iso = at.toISOString();
  return window && window.from <= iso && iso < window.until ? window : undefined;
}

/** When an agency is reminded of a deadline: then, or at the end of the maintenance that it falls into. */
export function reminderAt(standings: Standings, agency: string, dueAt: string): string {
  const window = standings.get(agency)?.maintenance;
  return window && window.from <= dueAt && dueAt < window.until ? window.until : dueAt;
}

/** How an agency is reached: as corrected, until it publishes something else. */
export function contactOf(standing: AgencyStanding | undefined, published: Contact = {}): Contact {
  const corrected = standing?.contact;
  if (!corrected) return published;
  const { insteadOf, ...contact } = corrected;
  const isSame = insteadOf.email === published.email && insteadOf.phone === published.phone;
  return isSame ? contact : published;
}
