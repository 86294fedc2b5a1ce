/** What happens to this agency's referrals, as it happens: for its staff's screens. A convenience, not a stream. */
import { Injectable } from '@nestjs/common';
import type { AnswerStatus, BusinessStatus } from '@retorno/contracts';
import { Subject } from 'rxjs';

/** One change, without personal data. */
export type AgencyLiveEvent =
  | {
      readonly type: 'referral-changed';
      readonly id: string;
      readonly service: string;
      readonly status: AnswerStatus;
      readonly businessStatus?: BusinessStatus;
    }
  /** Offices have other limits, or other places are free. */
  | { readonly type: 'places-changed' };

@Injectable()
export class AgencyFeed {
  private readonly subject = new Subject<AgencyLiveEvent>();
  readonly events = this.subject.asObservable();

  /** False while nobody looks. */
  get isFollowed(): boolean {
    return this.subject.observed;
  }

  emit(event: AgencyLiveEvent): void {
    this.subject.next(event);
  }
}
