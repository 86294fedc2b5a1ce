/**
 * The rules that turn needs into a plan, as data. The only place of the coordinator that knows services by code.
 * A case carries the version that it was planned with: a changed rule is a new version beside the old one.
 */
import type { DocumentType, Purpose, VulnerabilityCode } from '@retorno/contracts';

export interface Rules {
  readonly version: number;
  /** ISO code of the country whose nationals have the home identity document. */
  readonly home: string;
  /** How the prerequisite `id` is met. */
  readonly id: {
    readonly documentType: DocumentType;
    /** The service that checks a document given in the manifest, and the result code that means yes. */
    readonly verify: string;
    readonly verified: string;
    /** The service that issues the document to nationals. */
    readonly issue: string;
    /** The service that issues one to everybody else. */
    readonly foreigner: string;
  };
  /** Services whose outcome field `document` is the number of a document of this type. */
  readonly issues: Readonly<Record<string, DocumentType>>;
  /** Vulnerabilities that are needs, whether or not an agency offers something for them. */
  readonly assessedNeeds: readonly VulnerabilityCode[];
  /** Needs that stay open until a person settles them. */
  readonly restrictedNeeds: readonly string[];
  /** Need codes of the services for every arrival, and for every case at its end. */
  readonly arrivalNeed: string;
  readonly followUpNeed: string;
  readonly child: {
    readonly need: VulnerabilityCode;
    /** Unaccompanied below this age. */
    readonly underAge: number;
    /** The best-interests decision, which everything else waits for. */
    readonly gate: string;
    /** Added whatever was asked, beside `id` and the reception. */
    readonly added: readonly string[];
    /** Not added, but never held back by the gate. */
    readonly atOnce: readonly string[];
  };
  /** Calendar days in which the returnee confirms or disputes. */
  readonly confirmDays: number;
  /** Calendar days in which `id` must be met for what was served provisionally. */
  readonly provisionalDays: number;
  /** Calendar days that info-requested and on-hold suspend the done deadline for at most. */
  readonly suspensionDays: number;
  /** How long a referral may wait for an office with room; never longer than until it is to be done. */
  readonly waitlist: string;
  /** The vulnerability of who is held abroad; it is no need any more of who was released. */
  readonly detention: VulnerabilityCode;
  /** How long after the expected day somebody asks where the returnee is. */
  readonly arrivalGrace: string;
  /** How long nothing may be heard of a return that has no day. */
  readonly returnSilence: string;
  /** How long consent may be pending. */
  readonly consentPending: string;
  /** How many calendar days before a consent expires somebody is told to have it renewed. */
  readonly consentWarningDays: number;
  /**
   * How long an agency may take at most to stop once the consent is gone; its own deadline counts when that is shorter.
   * The regulation of Ley 29733 leaves ten days at most after a withdrawal (DS 016-2024-JUS, article 10.2): time to remind
   * and to escalate must fit in.
   */
  readonly consentStop: string;
  /** How the returnee fares after the case. Months after the arrival; days in which an answer is expected. */
  readonly followUp: {
    readonly months: readonly number[];
    readonly openDays: number;
    readonly purpose: Purpose;
    /** Somebody is told of a score over all below this, or of one dimension below the other. */
    readonly compositeBelow: number;
    readonly dimensionBelow: number;
  };
  /** By when somebody should have looked at an escalation. */
  readonly escalationDue: string;
  /** After a person resolved an escalation whose cause persists, it is raised again. */
  readonly recheck: string;
  /** Automatic attempts at one provider for one slot, before a person is asked. */
  readonly maxAttempts: number;
}

/** Version 1: the roundtable's rules of 2026. */
export const RULES: Rules = {
  version: 1,
  home: 'PE',
  id: {
    documentType: 'dni',
    verify: 'dni-verify',
    verified: 'verified',
    issue: 'dni-issue',
    foreigner: 'foreigner-card',
  },
  issues: { 'dni-issue': 'dni' },
  assessedNeeds: [
    'unaccompanied-child',
    'pregnant',
    'chronic-illness',
    'tb-or-hiv',
    'mental-distress',
    'gender-based-violence',
    'trafficking',
  ],
  restrictedNeeds: ['gender-based-violence', 'trafficking', 'unaccompanied-child'],
  arrivalNeed: 'arrival-reception',
  followUpNeed: 'follow-up',
  child: {
    need: 'unaccompanied-child',
    underAge: 18,
    gate: 'special-protection-unit',
    added: ['special-protection-unit', 'medical-care'],
    atOnce: ['womens-emergency-centre', 'trafficking-care', 'trafficking-case'],
  },
  confirmDays: 10,
  provisionalDays: 45,
  suspensionDays: 10,
  waitlist: '5 d',
  detention: 'detained-abroad',
  arrivalGrace: '1 d',
  returnSilence: '30 d',
  consentPending: '5 d',
  consentWarningDays: 10,
  consentStop: '1 d',
  followUp: {
    months: [1, 3, 6],
    openDays: 30,
    purpose: 'follow-up',
    compositeBelow: 0.5,
    dimensionBelow: 0.3,
  },
  escalationDue: '1 d',
  recheck: '5 d',
  maxAttempts: 3,
};
