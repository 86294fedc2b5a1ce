/** What happens to cases, as it happens: for the live view. A convenience, not a stream: cases.v1 is that. */
import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';

/** One change, without personal data. */
export interface LiveEvent {
  caseId: string;
  caseNumber: string;
  type: string;
  at: string;
  referral?: { id: string; agency: string; service: string; status: string; businessStatus?: string };
}

@Injectable()
export class LiveFeed {
  private readonly subject = new Subject<LiveEvent>();
  readonly events = this.subject.asObservable();

  emit(event: LiveEvent): void {
    this.subject.next(event);
  }
}
