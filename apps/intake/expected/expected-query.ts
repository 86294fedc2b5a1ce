/** What the interface reads of returns that are ahead. */
import { Inject, Injectable } from '@nestjs/common';
import { Messaging, type Clock } from '@retorno/messaging';
import { CLOCK, OwnRows, page, problem, type Page } from '@retorno/service';
import { hasArrived } from './announced';
import { ownedBy } from '../registration/authority';
import { limaDay } from '../fields/dates';
import { gone } from '../erasure/erasure';
import type { Flight } from './news';
import { readReturnees } from '../registration/returnee-table';
import { isErased, registrationOf, type StoredReturnee } from '../registration/registration';
import { isUuid } from '../fields/uuid';

/** A notice and where its return stands; what is not known is null. */
export interface NoticeView {
  returneeId: string;
  caseId: string;
  caseNumber: string;
  sendingAuthority: string;
  externalId: string;
  /** `arrived` once a manifest's day has come; null for who was never announced and is on the way. */
  stage: string | null;
  placeOfDetention: string | null;
  arrivalDate: string | null;
  flight: string | null;
  portOfEntry: string;
  /** True when a manifest names the returnee, false when that of the expected flight does not. */
  onManifest: boolean | null;
}

/** Somebody expected on a flight. */
export interface ExpectedView {
  returneeId: string;
  caseId: string;
  caseNumber: string;
  stage: string | null;
  onManifest: boolean;
}

export interface FlightView extends Flight, Page<ExpectedView> {
  cancelled: { reason: string; at: string } | null;
}

/** Which part of a flight's list; of this authority's returnees, or all. */
interface FlightPage {
  cursor: string | undefined;
  limit: string | undefined;
  authority: string | undefined;
}

@Injectable()
export class ExpectedQuery {
  constructor(
    private readonly rows: OwnRows,
    private readonly messaging: Messaging,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async notice(id: string, authority: string | undefined): Promise<NoticeView> {
    const reading = { tx: this.rows.of(authority), keyring: this.messaging.keyring() };
    const [stored] = isUuid(id) ? await readReturnees(reading, 'where id = $1', [id]) : [];
    if (!stored) throw problem(404, 'not-found', 'No returnee has this id.');
    if (isErased(stored)) throw gone();
    return noticeView(stored, limaDay(this.clock.now()));
  }

  /** Those who are still expected on a flight, in the order in which they were announced. */
  async flight(of: Flight, { cursor, limit: rawLimit, authority }: FlightPage): Promise<FlightView> {
    const limit = page.limit(rawLimit);
    const after = page.decode(cursor)?.[0];
    if (after !== undefined && !(typeof after === 'string' && isUuid(after))) {
      throw problem(400, 'bad-cursor', 'cursor must be the `next` of an earlier answer of the same list.');
    }
    const rows = this.rows.of(authority);
    const items: ExpectedView[] = await rows.query(
      `select r.id as "returneeId", r.case_id as "caseId", r.case_number as "caseNumber", e.stage,
         e.on_manifest as "onManifest"
       from expected_return e join returnee r on r.id = e.returnee_id
       where e.flight = $1 and e.arrival_date = $2 and (not e.on_manifest or e.arrival_date > $3::date)
         and e.stage is distinct from 'not-returning' and ($4::uuid is null or e.returnee_id > $4)
         and ${ownedBy(6, 'e.returnee_id')}
       order by e.returnee_id limit $5`,
      [of.flight, of.date, limaDay(this.clock.now()), after ?? null, limit + 1, authority ?? null],
    );
    const [cancelled]: { reason: string; cancelled_at: Date }[] = await rows.query(
      `select reason, cancelled_at from flight_cancelled
       where flight = $1 and arrival_date = $2 and authority in ('', $3) order by authority limit 1`,
      [of.flight, of.date, authority ?? ''],
    );
    return {
      ...of,
      cancelled: cancelled ? { reason: cancelled.reason, at: cancelled.cancelled_at.toISOString() } : null,
      ...page.of(items, limit, (last) => [last.returneeId]),
    };
  }
}

/** A returnee as a notice; `today` is a day of Lima. */
export function noticeView(stored: StoredReturnee, today: string): NoticeView {
  const { externalId, journey } = registrationOf(stored);
  const { dateUnknown, arrivalDate, placeOfDetention, flight, stage, onManifest } = journey;
  return {
    returneeId: stored.id,
    caseId: stored.caseId,
    caseNumber: stored.caseNumber,
    sendingAuthority: journey.sendingAuthority,
    externalId,
    stage: hasArrived(journey, today) ? 'arrived' : (stage ?? null),
    placeOfDetention: placeOfDetention ?? null,
    arrivalDate: dateUnknown ? null : arrivalDate,
    flight: flight ?? null,
    portOfEntry: journey.portOfEntry,
    onManifest: stage === undefined ? true : (onManifest ?? null),
  };
}
