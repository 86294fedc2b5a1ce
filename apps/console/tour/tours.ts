/** Who has begun the tour, and what there was to settle then: afterwards nothing else tells that it was there. */
import { Injectable } from '@nestjs/common';
import type { Caller } from '@retorno/service';
import { DataSource } from 'typeorm';

/** What there is of a demonstration. */
export interface Noted {
  /** Number of its case that is late; null when there is none. */
  readonly caseNumber: string | null;
  /** Whether messages of it stood still. */
  readonly hadParked: boolean;
}

export interface Tour extends Noted {
  readonly beganAt: Date;
  readonly dismissed: boolean;
}

@Injectable()
export class Tours {
  constructor(private readonly dataSource: DataSource) {}

  async find(owner: string): Promise<Tour | undefined> {
    const rows: Tour[] = await this.dataSource.query(
      `select case_number as "caseNumber", had_parked as "hadParked", began_at as "beganAt", dismissed
       from tour where owner = $1`,
      [owner],
    );
    return rows[0];
  }

  /** Begins somebody's tour, or adds what was not there before. What was noted stays. */
  async note({ subject, agency }: Caller, now: Date, { caseNumber, hadParked }: Noted): Promise<void> {
    await this.dataSource.query(
      `insert into tour as t (owner, began_at, case_number, had_parked, agency) values ($1, $2, $3, $4, $5)
       on conflict (owner) do update set case_number = coalesce(t.case_number, excluded.case_number),
         had_parked = t.had_parked or excluded.had_parked`,
      [subject, now, caseNumber, hadParked, agency ?? null],
    );
  }

  /** Home does not offer it any more. */
  async dismiss({ subject, agency }: Caller, now: Date): Promise<void> {
    await this.dataSource.query(
      `insert into tour (owner, began_at, agency, dismissed) values ($1, $2, $3, true)
       on conflict (owner) do update set dismissed = true`,
      [subject, now, agency ?? null],
    );
  }

  /** Home offers it to who has not seen it, and until they do not want it any more; not where there is nothing to show. */
  async isOffered(owner: string): Promise<boolean> {
    const tour = await this.find(owner);
    return !tour || (!tour.dismissed && isDemonstration(tour));
  }

  /** Whether somebody of this agency has come to the tour since. */
  async wasVisitedBy(agency: string, since: Date): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      'select 1 from tour where agency = $1 and began_at >= $2 limit 1',
      [agency, since],
    );
    return rows.length > 0;
  }
}

export function isDemonstration({ caseNumber, hadParked }: Noted): boolean {
  return caseNumber !== null || hadParked;
}
