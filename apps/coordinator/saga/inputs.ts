/** Everything that can happen to a case. */
import type {
  AnswerBody,
  AnswerCorrected,
  BusinessStatus,
  CloseReason,
  Consent,
  DuplicateSuspected,
  FollowUpRecorded,
  ReferralAnswered,
  ReturneeChanged,
  ReturneeRegistered,
} from '@retorno/contracts';
import type { CaseState } from './case';

/** Who asked for something, and why in their own words. Both stay in the coordinator. */
export interface Asked {
  readonly by?: string;
  /** Free text; never published. */
  readonly note?: string;
}

/** A command of operations about one case. */
export type CaseCommand = Asked &
  (
    | { readonly type: 'close'; readonly reason: CloseReason }
    | { readonly type: 'reopen' }
    | { readonly type: 'add-need'; readonly code: string }
    /** `reason`: a settled or unmet reason code; anything else is decided-by-operations. */
    | { readonly type: 'settle-need'; readonly code: string; readonly reason: string }
    | { readonly type: 'waive'; readonly referralId: string }
    /** To the next provider that was not tried, or to `agency`. */
    | { readonly type: 'reroute'; readonly referralId: string; readonly agency?: string }
    | { readonly type: 'cancel'; readonly referralId: string }
    | { readonly type: 'remind'; readonly referralId: string }
    | {
        readonly type: 'confirmation';
        readonly referralId: string;
        readonly outcome: Extract<BusinessStatus, 'confirmed' | 'disputed'>;
        readonly channel?: string;
      }
    /** What the returnee says of how they were treated. `id` is chosen by whoever sends it: the same one again says nothing new. */
    | {
        readonly type: 'complain';
        readonly id: string;
        readonly referralId?: string;
        readonly channel?: string;
      }
    | { readonly type: 'supply-information'; readonly referralId: string; readonly information: string }
    | { readonly type: 'correct-answer'; readonly referralId: string; readonly answer: AnswerBody }
    /** This case's person is the other's: it goes on there. `other` is the case as it is. */
    | { readonly type: 'merge-into'; readonly other: CaseState }
    /** `others`: cases that somebody, on their own side, has told from this one. */
    | { readonly type: 'merge-from'; readonly other: CaseState; readonly others?: readonly string[] }
    /** Not the person of these cases, whatever was suspected. */
    | { readonly type: 'different'; readonly others: readonly string[] }
    | {
        readonly type: 'record-follow-up';
        readonly month: number;
        /** The questionnaire's. */
        readonly version: number;
        readonly outcome: FollowUpRecorded['outcome'];
        /** Choices by question; with outcome answered only. */
        readonly answers?: Readonly<Record<string, string>>;
        readonly channel?: string;
      }
    | { readonly type: 'claim-escalation'; readonly escalationId: string }
    | { readonly type: 'release-escalation'; readonly escalationId: string }
    | { readonly type: 'resolve-escalation'; readonly escalationId: string }
  );

export type CaseInput =
  | { readonly type: 'registered'; readonly caseId: string; readonly data: ReturneeRegistered }
  | { readonly type: 'changed'; readonly data: ReturneeChanged }
  | { readonly type: 'consent-changed'; readonly consent: Consent }
  | { readonly type: 'duplicate-suspected'; readonly data: DuplicateSuspected }
  | { readonly type: 'answered'; readonly agency: string; readonly data: ReferralAnswered }
  | { readonly type: 'answer-corrected'; readonly agency: string; readonly data: AnswerCorrected }
  | { readonly type: 'time-passed' }
  | { readonly type: 'catalogue-changed' }
  /** Readers know so many events of this case that we lost with a restored database. */
  | { readonly type: 'facts-lost'; readonly events: number }
  | CaseCommand;
