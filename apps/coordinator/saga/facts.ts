/** What can be decided about a case: the events of cases.v1, and beside each what must never be published. */
import {
  CASE_EVENTS,
  type AnswerRefused,
  type CaseClosed,
  type CaseClosing,
  type CaseCompleted,
  type CaseMerged,
  type CaseOpened,
  type CasePlanned,
  type CaseReopened,
  type CaseUpdated,
  type EscalationClaimed,
  type EscalationReleased,
  type EscalationRaised,
  type EscalationResolved,
  type EventContract,
  type FollowUpRecorded,
  type NeedReopened,
  type NeedSettled,
  type PrerequisiteWaived,
  type ReferralChanged,
} from '@retorno/contracts';

/** The data of each fact by the name of its contract. */
export interface FactData {
  'case-opened': CaseOpened;
  'case-updated': CaseUpdated;
  'case-planned': CasePlanned;
  'need-settled': NeedSettled;
  'need-reopened': NeedReopened;
  'referral-changed': ReferralChanged;
  'prerequisite-waived': PrerequisiteWaived;
  'escalation-raised': EscalationRaised;
  'escalation-claimed': EscalationClaimed;
  'escalation-released': EscalationReleased;
  'escalation-resolved': EscalationResolved;
  'answer-refused': AnswerRefused;
  'case-completed': CaseCompleted;
  'case-closing': CaseClosing;
  'case-closed': CaseClosed;
  'case-reopened': CaseReopened;
  'case-merged': CaseMerged;
  'follow-up-recorded': FollowUpRecorded;
}
export type FactType = keyof FactData;

/** Personal data and free text that came with a fact. Stays in the coordinator's restricted tables. */
export interface Restricted {
  readonly note?: string;
  /** The person who acted. */
  readonly by?: string;
  /** How the returnee was heard: telephone, visit … */
  readonly channel?: string;
  /** What was said at a follow-up, by question. */
  readonly answers?: Readonly<Record<string, string>>;
  /** Number of a document that the agency issued. */
  readonly document?: string;
  /** Reference of a certificate that the agency issued. */
  readonly certificate?: string;
}

/** One fact of one type. */
export interface FactOf<T extends FactType> {
  readonly type: T;
  /** The key of its stream. */
  readonly caseId: string;
  readonly data: FactData[T];
  readonly restricted?: Restricted;
}
/** One thing that was decided about a case. */
export type CaseFact = { [T in FactType]: FactOf<T> }[FactType];

const byName = new Map<string, EventContract>(
  (CASE_EVENTS as readonly unknown[] as readonly EventContract[]).map((contract) => [
    contract.name,
    contract,
  ]),
);

/** The contract that a fact is published under. */
export function contractOfFact(fact: CaseFact): EventContract {
  const contract = byName.get(fact.type);
  if (!contract) throw new Error(`no contract is declared for the fact '${fact.type}'`);
  return contract;
}
