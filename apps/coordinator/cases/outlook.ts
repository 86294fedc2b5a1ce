/** What comes next in a case: what is pending, when it should be done, and what can be done about it. Pure. */
import { latestOf, type CaseState } from '../saga/case';
import { timersOf, type Timer } from '../saga/deadlines';
import type { Env } from '../saga/decision';
import { forecastOf } from '../saga/plan/forecast';
import { possibleWith, possibleWithCase, reroutableTo } from '../saga/plan/possible';
import { isMet, slotOf } from '../saga/plan/prerequisites';
import { maintenanceAt } from '../saga/standing';
import { whoMeets } from './view';

/** JSON of `GET /cases/{id}/outlook`. Instants are RFC 3339. */
export interface CaseOutlook {
  /** The moment for which all this holds, by the coordinator's clock. */
  readonly asOf: string;
  /** Since when the case has its status. */
  readonly since: string;
  /** When the plan is done if everybody keeps to the deadlines; null when that cannot be said. */
  readonly expectedAt: string | null;
  /** Ids of the referrals that decide it, first to last. */
  readonly critical: readonly string[];
  /** What happens by itself, soonest first. */
  readonly timers: readonly Timer[];
  /** Commands about the case that would be taken now: `close`, `reopen`, `add-need`, `settle-need`. */
  readonly possible: readonly string[];
  /** By the id of the referral. */
  readonly referrals: Readonly<Record<string, ReferralOutlook>>;
}

export interface ReferralOutlook {
  readonly expectedAt: string | null;
  /** Commands about it that would be taken now, by the ends of their addresses. */
  readonly possible: readonly string[];
  /** Slugs and names of the agencies that it can be sent on to, first the one that would be asked first. */
  readonly providers: readonly { readonly agency: string; readonly name: string }[];
  readonly prerequisites: readonly PrerequisiteOutlook[];
  /** Until when its agency is in maintenance now; no deadline waits for that. */
  readonly maintenanceUntil: string | null;
}

export interface PrerequisiteOutlook {
  /** `agency/service` of what meets it, or the service alone when nobody offers it. */
  readonly service: string;
  /** The referral that meets it, or will; null when the plan has none. */
  readonly referralId: string | null;
  readonly state: 'met' | 'waived' | 'awaited';
  /** The decision about a child that came alone, which everything else waits for. */
  readonly gate: boolean;
}

/** The outlook of a case as `env` says it is now. */
export function outlookOf(state: CaseState, env: Env): CaseOutlook {
  const { expectedAt, critical, referrals } = forecastOf(state, env);
  const timers = timersOf(state, env).sort((a, b) => (a.at < b.at ? -1 : 1));
  return {
    asOf: env.now.toISOString(),
    since: sinceOf(state),
    expectedAt,
    critical,
    timers,
    possible: possibleWithCase(state, env),
    referrals: Object.fromEntries(
      state.referrals.map((r) => [
        r.id,
        {
          expectedAt: referrals[r.id] ?? null,
          possible: possibleWith(r, state, env),
          providers: reroutableTo(r, state, env).map((agency) => ({
            agency,
            name: env.catalogues.get(agency)?.name ?? agency,
          })),
          prerequisites: r.requires.map((code) => prerequisiteOf(code, r.waived, state, env)),
          maintenanceUntil: maintenanceAt(env.standings, r.agency, env.now)?.until ?? null,
        },
      ]),
    ),
  };
}

function prerequisiteOf(
  code: string,
  waived: readonly string[],
  state: CaseState,
  { catalogues, rules }: Env,
): PrerequisiteOutlook {
  const slot = slotOf(code, state, rules);
  const met = isMet(code, state, rules);
  return {
    service: whoMeets(code, state, catalogues, rules),
    referralId: latestOf(state.referrals, slot)?.id ?? null,
    state: met ? 'met' : waived.includes(code) ? 'waived' : 'awaited',
    gate: slot === rules.child.gate,
  };
}

function sinceOf({ status, openedAt, reopenedAt, closingSince, closedAt }: CaseState): string {
  if (status === 'open') return reopenedAt ?? openedAt;
  return (status === 'closing' ? closingSince : closedAt) ?? openedAt;
}
