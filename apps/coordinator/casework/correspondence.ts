/** What leaves for agencies and for intake because of what was decided, with the fields that each may see, and the ledger's lines about it. */
import { Inject, Injectable } from '@nestjs/common';
import {
  CancellationRequested,
  CaseEnded,
  CasesMerged,
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
  type EventContract,
} from '@retorno/contracts';
import type { UnitOfWork } from '@retorno/messaging';
import { nearestOffices } from '@retorno/service';
import { findReferral, isPlaceable, type CaseState } from '../saga/case';
import { CatalogueShelf } from './catalogues';
import { absentFields, disclose, whereabouts } from '../saga/disclosure';
import { REFERENCES } from '../restoring/installation';
import type { Disclosure, DisclosureKind } from '../ledger/entry';
import { record } from '../ledger/ledger.store';
import { findOffer } from '../saga/plan/offers';
import type { Pairwise } from './pairwise';
import { obtainDocument } from './person-file';
import type { AgencyMessage, Message } from '../saga/requests';
import { personStore } from './stores';

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

@Injectable()
export class Correspondence {
  constructor(
    private readonly catalogues: CatalogueShelf,
    @Inject(REFERENCES) private readonly pairwise: Pairwise,
  ) {}

  /** `causeOf` finds what in the timeline led to a message about a referral. */
  send(
    unit: UnitOfWork,
    state: CaseState,
    messages: readonly Message[],
    causeOf: (referralId: string) => Pick<Disclosure, 'fact' | 'cause'>,
  ): void {
    const disclosures: Disclosure[] = [];
    for (const message of messages) {
      const contract = CONTRACTS[message.type];
      if (message.to === 'intake') {
        if (message.type === 'document-obtained') obtainDocument(unit, state.id, message.data);
        unit.publish({ topic: FEEDBACK_TOPIC, key: state.id, contract, data: message.data as never });
        continue;
      }
      const { agency } = message;
      const referral = findReferral(state, message.data.referralId);
      const { underCase = state.id } = referral ?? {};
      const key = this.pairwise.refFor(agency, underCase);
      const chooses = message.type === 'referral-requested' || message.type === 'referral-updated';
      const offices =
        chooses && referral && isPlaceable(referral) ? this.officesFor(unit, state.id, message) : {};
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
    const record = unit.get(personStore, caseId)?.record;
    if (!known || !record) return {};
    const codes = nearestOffices(known, to.service, whereabouts(record)).map((office) => office.code);
    return codes.length > 0 ? { offices: codes.slice(0, MOST_OFFICES) } : {};
  }
}
