/** Where decisions meet the world: load the case, decide, store it, publish the facts and what follows from them. */
import { Inject, Injectable } from '@nestjs/common';
import {
  agencyOfAnswers,
  CancellationRequested,
  CaseEnded,
  CasesMerged,
  CASES_TOPIC,
  DocumentObtained,
  FEEDBACK_TOPIC,
  InformationSupplied,
  OutcomeConfirmed,
  OutcomeDisputed,
  ReferralCorrected,
  ReferralReminded,
  ReferralRequested,
  ReferralUpdated,
  requestsTopic,
  type CaseReferral,
  type DisclosedField,
  type EventContract,
  type ReturneeChanged,
} from '@retorno/contracts';
import { Messaging, type DocumentKey, type UnitOfWork } from '@retorno/messaging';
import { nearestOffices, peruCalendar, problem, SETTINGS, type Calendar } from '@retorno/service';
import { findReferral, type CaseState } from './case';
import { CaseWatch } from './case-watch';
import { CatalogueShelf } from './catalogues';
import { withdrawsDocument } from './corrections';
import { nextDueAt } from './deadlines';
import { DECIDED } from './escalations';
import { Refusal, run, type Env } from './decide';
import {
  absentFields,
  changedFields,
  disclose,
  personRecord,
  withCertificate,
  withObtainedDocument,
  withoutObtainedDocument,
} from './disclosure';
import { contractOfFact, type CaseFact } from './facts';
import type { CaseCommand, CaseInput } from './inputs';
import { causeOfReferral, type Disclosure, type DisclosureKind } from './ledger/entry';
import { ledgerStore, record } from './ledger/ledger.store';
import { LiveFeed } from './live';
import { findOffer } from './offers';
import { REFERENCES } from './installation';
import type { Pairwise } from './pairwise';
import { messagesFor, updatesFor, type AgencyMessage, type Message } from './requests';
import { masked, restrictedCodes } from './restricted';
import { RULES } from './rules';
import { CoordinatorSettings } from './settings';
import { caseStore, personStore, type FactNote, type PersonDocument } from './stores';

const CONTRACTS: Record<Message['type'], EventContract> = {
  'referral-requested': ReferralRequested,
  'referral-updated': ReferralUpdated,
  'referral-reminded': ReferralReminded,
  'information-supplied': InformationSupplied,
  'cancellation-requested': CancellationRequested,
  'outcome-confirmed': OutcomeConfirmed,
  'outcome-disputed': OutcomeDisputed,
  'referral-corrected': ReferralCorrected,
  'document-obtained': DocumentObtained,
  'case-ended': CaseEnded,
  'cases-merged': CasesMerged,
} as unknown as Record<Message['type'], EventContract>;

/** As many as a request can carry. */
const MOST_OFFICES = 50;

/** The messages that tell an agency something of the person. */
const DISCLOSES: Partial<Record<Message['type'], DisclosureKind>> = {
  'referral-requested': 'requested',
  'referral-updated': 'updated',
  'information-supplied': 'information',
};

/** How changes are told: the cause in the ledger, and which referrals are meant. */
interface TellHow {
  readonly why?: string;
  readonly among?: (referral: CaseReferral) => boolean;
}

@Injectable()
export class Casework {
  private readonly calendar: Calendar;

  constructor(
    private readonly messaging: Messaging,
    private readonly catalogues: CatalogueShelf,
    private readonly live: LiveFeed,
    private readonly watch: CaseWatch,
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

  /** Takes in who the returnee is, as of now. Gives the fields that differ from before. */
  meet(unit: UnitOfWork, caseId: string, data: ReturneeChanged): readonly DisclosedField[] {
    const before = unit.get(personStore, caseId);
    const record = personRecord(data, before?.record);
    unit.set(personStore, caseId, { record, notes: before?.notes ?? [] });
    return before ? changedFields(before.record, record) : [];
  }

  /** Tells the agencies that see one of the fields what they are now; `among` leaves out other referrals, `why` is the cause. */
  tellChanges(
    unit: UnitOfWork,
    caseId: string,
    changed: readonly DisclosedField[],
    { why = 'returnee-changed', among = () => true }: TellHow = {},
  ): void {
    const document = unit.get(caseStore, caseId);
    if (!document || changed.length === 0) return;
    // What this same change asked for carries the new fields already.
    const referrals = document.state.referrals.filter(among);
    const updates = updatesFor(
      { ...document.state, referrals },
      changed,
      this.catalogues.current(),
      unit.now,
    );
    const now = unit.now.toISOString();
    const sentBefore = updates.filter((message) => {
      const { referralId } = message.data;
      return document.state.referrals.find((r) => r.id === referralId)?.requestedAt !== now;
    });
    const cause = { fact: document.facts, cause: why };
    this.send(unit, document.state, sentBefore, () => cause);
  }

  /** Decides, stores the case and publishes what was decided. */
  decide(unit: UnitOfWork, caseId: string, input: CaseInput): void {
    const before = unit.get(caseStore, caseId);
    // Whatever somebody still says: nobody can be served under it any more. An answer is noted as one that came too late.
    if (before?.erasedAt !== undefined && input.type !== 'answered') return;
    const env: Env = {
      now: unit.now,
      calendar: this.calendar,
      catalogues: this.catalogues.current(),
      rules: RULES,
    };
    const { state, facts } = run(before?.state, input, env);
    const first = (before?.facts ?? 0) + 1;
    const dueAt = nextDueAt(state, env)?.toISOString();
    if (facts.length > 0 || dueAt !== before?.dueAt) {
      unit.set(caseStore, caseId, {
        state,
        facts: first + facts.length - 1,
        ...(dueAt === undefined ? {} : { dueAt }),
        unoffered: unofferedOf(state),
        ...(before?.disclosed ? { disclosed: before.disclosed } : {}),
        ...(before?.erasedAt === undefined ? {} : { erasedAt: before.erasedAt }),
        ...(before?.erasedReturnee === undefined ? {} : { erasedReturnee: before.erasedReturnee }),
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
    this.remember(unit, caseId, facts, first);
    if (before && withdrawsDocument(before.state, facts, RULES)) this.withdrawDocument(unit, caseId);
    this.send(unit, state, messagesFor(before?.state, facts, RULES), (referralId) =>
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

  /** Keeps what may not be published: names, free text, and the numbers of documents that agencies issued. */
  private remember(unit: UnitOfWork, caseId: string, facts: readonly CaseFact[], first: number): void {
    const known = unit.get(personStore, caseId);
    if (!known) return;
    let person: PersonDocument = known;
    for (const [i, { restricted }] of facts.entries()) {
      if (!restricted) continue;
      const { document: _document, certificate, by, ...rest } = restricted;
      // A rule is no person: the fact's actor says it already.
      const words = by === undefined || by.startsWith('rule:') ? rest : { ...rest, by };
      const note: FactNote = { fact: first + i, ...words };
      if (Object.keys(words).length > 0) person = { ...person, notes: [...person.notes, note] };
      if (certificate) person = { ...person, record: withCertificate(person.record, certificate) };
    }
    if (person !== known) unit.set(personStore, caseId, person);
  }

  /** `causeOf` finds what in the timeline led to a message about a referral. */
  private send(
    unit: UnitOfWork,
    state: CaseState,
    messages: readonly Message[],
    causeOf: (referralId: string) => Pick<Disclosure, 'fact' | 'cause'>,
  ): void {
    const disclosures: Disclosure[] = [];
    for (const message of messages) {
      const contract = CONTRACTS[message.type];
      if (message.to === 'intake') {
        if (message.type === 'document-obtained') this.obtain(unit, state.id, message.data);
        unit.publish({ topic: FEEDBACK_TOPIC, key: state.id, contract, data: message.data as never });
        continue;
      }
      const { agency } = message;
      const { underCase = state.id } = findReferral(state, message.data.referralId) ?? {};
      const key = this.pairwise.refFor(agency, underCase);
      const offices = message.type === 'referral-requested' ? this.officesFor(unit, state.id, message) : {};
      const kind = DISCLOSES[message.type];
      const told = kind && this.disclosed(unit, state, message, kind, key);
      if (told) disclosures.push({ ...told.disclosure, ...causeOf(message.data.referralId) });
      // One cause in the headers of two agencies' messages would join their files.
      unit.publish({
        topic: requestsTopic(agency),
        key,
        contract,
        data: { ...message.data, ...told?.data, ...offices } as never,
        causationId: null,
      });
    }
    record(unit, state.id, disclosures);
  }

  /** What a message says of the person, and the line about it in the ledger. */
  private disclosed(
    unit: UnitOfWork,
    { id, referrals }: CaseState,
    { agency, service, data }: AgencyMessage,
    kind: DisclosureKind,
    caseRef: string,
  ): { data: object; disclosure: Omit<Disclosure, 'fact' | 'cause'> } {
    const person = unit.get(personStore, id);
    if (!person) throw new Error('a case without its person');
    const catalogues = this.catalogues.current();
    const offer = findOffer(catalogues, agency, service);
    const sees = offer?.sees ?? [];
    const isAnswer = kind === 'information';
    const returnee = isAnswer
      ? undefined
      : disclose(person.record, sees, {
          caseRef,
          household: (household) => this.pairwise.householdFor(agency, household),
        });
    return {
      data: returnee ? { returnee } : {},
      disclosure: {
        at: unit.now.toISOString(),
        agency,
        service,
        referralId: data.referralId,
        kind,
        fields: isAnswer ? ['information'] : sees,
        absent: returnee ? absentFields(returnee, sees) : [],
        basis: referrals.find((r) => r.id === data.referralId)?.basis ?? offer?.basis ?? 'consent',
        purpose: offer?.purpose ?? null,
        agreement: catalogues.get(agency)?.version ?? 0,
      },
    };
  }

  /** Codes of the agency's offices, the best for this person first: what they say of the person is only their order. */
  private officesFor(unit: UnitOfWork, caseId: string, to: AgencyMessage): { offices?: string[] } {
    const known = this.catalogues.current().get(to.agency)?.offices;
    const person = unit.get(personStore, caseId)?.record.person;
    if (!known || !person) return {};
    const at = person.householdAt ?? { ubigeo: person.destinationUbigeo, languages: person.languages };
    const codes = nearestOffices(known, to.service, at).map((office) => office.code);
    return codes.length > 0 ? { offices: codes.slice(0, MOST_OFFICES) } : {};
  }

  private obtain(unit: UnitOfWork, caseId: string, document: DocumentObtained): void {
    const person = unit.get(personStore, caseId);
    if (person)
      unit.set(personStore, caseId, { ...person, record: withObtainedDocument(person.record, document) });
  }

  private withdrawDocument(unit: UnitOfWork, caseId: string): void {
    const person = unit.get(personStore, caseId);
    if (person) unit.set(personStore, caseId, { ...person, record: withoutObtainedDocument(person.record) });
  }

  private announce(before: CaseState | undefined, state: CaseState, facts: readonly CaseFact[]): void {
    const restricted = restrictedCodes(this.catalogues.current());
    this.watch.decided(before, state, facts, restricted);
    for (const fact of facts) {
      const base = { caseId: state.id, caseNumber: state.number, type: fact.type, at: fact.data.at };
      if (fact.type !== 'referral-changed') {
        this.live.emit(base);
        continue;
      }
      const { id, status, businessStatus } = fact.data.referral;
      const service = masked(fact.data.referral.service, restricted);
      const isShown = service === fact.data.referral.service;
      const agency = isShown ? fact.data.referral.agency : service;
      const referral = { id, agency, service, status, ...(businessStatus ? { businessStatus } : {}) };
      this.live.emit({ ...base, referral });
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

/** Services and needs that nobody offers; somebody having looked at it does not end the wait. */
function unofferedOf(state: CaseState): string[] {
  return state.escalations
    .filter((e) => e.reason === 'no-provider' && (!e.resolvedAt || e.resolution === DECIDED))
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
