/** Where decisions meet the world: load the case, decide, store it, publish the facts and what follows from them. */
import { Inject, Injectable } from '@nestjs/common';
import { agencyOfAnswers, CASES_TOPIC, type CaseReferral, type DisclosedField } from '@retorno/contracts';
import { Messaging, type DocumentKey, type UnitOfWork } from '@retorno/messaging';
import { peruCalendar, problem, SETTINGS, type Calendar } from '@retorno/service';
import { findReferral, type CaseState } from '../saga/case';
import { CaseWatch } from './case-watch';
import { CatalogueShelf } from './catalogues';
import { Correspondence } from './correspondence';
import { withdrawsDocument } from '../saga/commands/corrections';
import { Refusal, run, type Env } from '../saga/decide';
import { changedFields } from '../saga/disclosure';
import { DECIDED } from '../saga/escalations';
import { contractOfFact, type CaseFact } from '../saga/facts';
import { Happenings, isHappening } from '../cases/happenings';
import type { CaseCommand, CaseInput } from '../saga/inputs';
import { REFERENCES } from '../restoring/installation';
import { causeOfReferral } from '../ledger/entry';
import { ledgerStore } from '../ledger/ledger.store';
import { changeOf, LiveFeed, reasonIn, shownChange } from './live';
import { fingerprintOf } from '../saga/plan/offers';
import type { Pairwise } from './pairwise';
import { remember, withdrawDocument } from './person-file';
import { comesOfAge } from '../saga/plan/profile';
import { messagesFor, updatesFor } from '../saga/requests';
import { restrictedCodes } from '../saga/restricted';
import { StandingShelf } from '../roundtable/standings';
import { RULES } from '../saga/plan/rules';
import { CoordinatorSettings } from '../settings';
import { caseStore, personStore } from './stores';

/** How changes are told: the cause in the ledger, which referrals are meant, and whether the returnee lives elsewhere now. */
interface TellHow {
  readonly why?: string;
  readonly moved?: boolean;
  readonly among?: (referral: CaseReferral) => boolean;
}

@Injectable()
export class Casework {
  private readonly calendar: Calendar;

  constructor(
    private readonly messaging: Messaging,
    private readonly catalogues: CatalogueShelf,
    private readonly standings: StandingShelf,
    private readonly live: LiveFeed,
    private readonly happenings: Happenings,
    private readonly watch: CaseWatch,
    private readonly correspondence: Correspondence,
    @Inject(REFERENCES) private readonly pairwise: Pairwise,
    @Inject(SETTINGS) settings: CoordinatorSettings,
  ) {
    this.calendar = peruCalendar(settings.EXTRA_HOLIDAYS.split(',').filter(Boolean));
  }

  /** Which agency answered about which case. */
  answerOf(topic: string, key: string): { agency: string; caseId: string } {
    const agency = agencyOfAnswers(topic);
    if (agency === undefined) throw new Error(`${topic} carries no answers`);
    return { agency, caseId: this.pairwise.caseIdOf(agency, key) };
  }

  isMerged(unit: UnitOfWork, caseId: string): boolean {
    return unit.get(caseStore, caseId)?.state.mergedInto !== undefined;
  }

  /**
   * The case that goes on where one was merged; of a referral, the one that it is of by now: the case whose reference its
   * agency uses, or the one that it went along to. What has to be loaded for that is loaded.
   */
  async holderOf(unit: UnitOfWork, caseId: string, referralId?: string): Promise<string> {
    const state = unit.get(caseStore, caseId)?.state;
    if (!state?.mergedInto || (referralId && findReferral(state, referralId))) return caseId;
    const { id } = state.mergedInto;
    await unit.load(loadsOf(id));
    return this.holderOf(unit, id, referralId);
  }

  /**
   * A command of operations, in a transaction of its own; `also` runs in it once the command is decided, and undoes it by
   * throwing. Throws a problem: 404, 409 or 422.
   */
  async command(
    caseId: string,
    command: CaseCommand,
    also?: (unit: UnitOfWork) => Promise<void>,
  ): Promise<void> {
    try {
      await this.messaging.command(loadsOf(caseId), async (unit) => {
        if (unit.get(caseStore, caseId)?.erasedAt !== undefined) throw erased();
        this.decide(unit, caseId, command);
        await also?.(unit);
      });
    } catch (error) {
      if (error instanceof Refusal) throw refused(error);
      throw error;
    }
  }

  /** Tells the agencies that see one of the fields what they are now; `among` leaves out other referrals, `why` is the cause. */
  tellChanges(
    unit: UnitOfWork,
    caseId: string,
    changed: readonly DisclosedField[],
    { why = 'returnee-changed', among = () => true, moved = false }: TellHow = {},
  ): void {
    const document = unit.get(caseStore, caseId);
    if (!document || (changed.length === 0 && !moved)) return;
    // What this same change asked for carries the new fields already.
    const referrals = document.state.referrals.filter(among);
    const updates = updatesFor(
      { ...document.state, referrals },
      changed,
      this.catalogues.current(),
      unit.now,
      moved,
    );
    const now = unit.now.toISOString();
    const sentBefore = updates.filter((message) => {
      const { referralId } = message.data;
      return document.state.referrals.find((r) => r.id === referralId)?.requestedAt !== now;
    });
    const cause = { fact: document.facts, cause: why };
    this.correspondence.send(unit, document.state, sentBefore, () => cause);
  }

  /**
   * Decides, stores the case and publishes what was decided. `behind`: the place of the last fact of a case that begins
   * anew because this database has lost it.
   */
  decide(unit: UnitOfWork, caseId: string, input: CaseInput, behind = 0): void {
    const before = unit.get(caseStore, caseId);
    // Whatever somebody still says: nobody can be served under it any more. An answer is noted as one that came too late.
    if (before?.erasedAt !== undefined && input.type !== 'answered') return;
    const env: Env = {
      now: unit.now,
      calendar: this.calendar,
      catalogues: this.catalogues.current(),
      standings: this.standings.current(),
      rules: RULES,
      ofAgeAt: () => {
        const person = unit.get(personStore, caseId)?.record.person;
        return person && comesOfAge(person.dateOfBirth, RULES);
      },
    };
    const { state, facts, ...next } = run(before?.state, input, env);
    const first = (before?.facts ?? behind) + 1;
    const isCaughtUp = !before || input.type === 'catalogue-changed';
    const offers = isCaughtUp ? fingerprintOf(env.catalogues) : before.offers;
    const dueAt = next.dueAt?.toISOString();
    if (facts.length > 0 || dueAt !== before?.dueAt) {
      const { dueAt: _was, ...kept } = before ?? {};
      unit.set(caseStore, caseId, {
        ...kept,
        state,
        facts: first + facts.length - 1,
        ...(dueAt === undefined ? {} : { dueAt }),
        unoffered: unofferedOf(state),
        ...(offers === undefined ? {} : { offers }),
      });
    }
    for (const fact of facts) {
      unit.publish({
        topic: CASES_TOPIC,
        key: caseId,
        contract: contractOfFact(fact),
        data: fact.data as never,
      });
    }
    const known = unit.get(personStore, caseId)?.record;
    remember(unit, caseId, facts, first);
    if (before && withdrawsDocument(before.state, facts, RULES)) withdrawDocument(unit, caseId);
    this.correspondence.send(unit, state, messagesFor(before?.state, facts, RULES), (referralId) =>
      causeOfReferral(referralId, facts, first),
    );
    const record = unit.get(personStore, caseId)?.record;
    // What an agency issued is news to those who were asked before it was there.
    if (known && record && record !== known) {
      const why = facts.at(-1)?.data.cause;
      this.tellChanges(unit, caseId, changedFields(known, record), why === undefined ? {} : { why });
    }
    unit.afterCommit(() => this.announce(before?.state, state, facts));
  }

  private announce(before: CaseState | undefined, state: CaseState, facts: readonly CaseFact[]): void {
    const restricted = restrictedCodes(this.catalogues.current());
    this.watch.decided(before, state, facts, restricted);
    const { isFollowed } = this.live;
    for (const fact of facts) {
      const happens = isHappening(fact);
      if (!happens && !isFollowed) continue;
      const change = changeOf(fact, state.number, reasonIn(state));
      if (isFollowed) this.live.emit(shownChange(change, restricted));
      if (happens) this.happenings.add(change);
    }
  }
}

/** The documents of a case. */
export function loadsOf(caseId: string): DocumentKey[] {
  return [
    { store: caseStore, key: caseId },
    { store: personStore, key: caseId },
    { store: ledgerStore, key: caseId },
  ];
}

/** Services and needs that nobody offers; somebody having looked at it does not end that. What a pause holds is offered. */
function unofferedOf(state: CaseState): string[] {
  return state.escalations
    .filter(
      (e) =>
        e.reason === 'no-provider' &&
        e.detail['paused'] === undefined &&
        e.detail['offered'] === undefined &&
        (!e.resolvedAt || e.resolution === DECIDED),
    )
    .flatMap(({ detail }) => [detail['service'], detail['need']].filter((code) => code !== undefined));
}

function erased(): Error {
  const detail =
    'The personal data of this case was erased: nothing more can be done for the returnee under it.';
  return problem(410, 'erased', detail, { erased: true, possible: [] });
}

/** The problem that a refusal is over HTTP. */
export function refused(refusal: Refusal): Error {
  const { code, detail, possible } = refusal;
  const status = code.startsWith('unknown-') ? 404 : code.startsWith('bad-') ? 422 : 409;
  return problem(status, code, detail, possible ? { possible } : {});
}
