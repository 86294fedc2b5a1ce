/** Likely duplicates: one document, or one birth date and the same names. They are told and never merged. */
import { DuplicateSuspected, RETURNEES_TOPIC } from '@retorno/contracts';
import type { UnitOfWork } from '@retorno/messaging';

/** At most so many others are told for one person and ground, the oldest first: a file full of one person stays linear. */
const MOST_DUPLICATES = 5;

/** Finds who looks like one of these returnees; each pair is told once, on the newer case. */
export async function announceDuplicates(unit: UnitOfWork, returneeIds: readonly string[]): Promise<void> {
  if (returneeIds.length === 0) return;
  const pairs: {
    case_id: string;
    other_id: string;
    other_number: string;
    ground: DuplicateSuspected['ground'];
  }[] = await unit.tx.query(
    `with subject as (select id, seq, document_key, person_key from returnee where id = any($1::uuid[])),
       alike as (
         select s.id, s.seq, o.id as other, o.seq as other_seq, 'same-document' as ground
         from subject s cross join lateral (
           select id, seq from returnee where document_key = s.document_key and id <> s.id
           order by seq limit ${MOST_DUPLICATES}) o
         union all
         select s.id, s.seq, o.id, o.seq, 'same-names-and-birth-date'
         from subject s cross join lateral (
           select id, seq from returnee where person_key = s.person_key and id <> s.id
           order by seq limit ${MOST_DUPLICATES}) o),
       pair as (
         select case when seq > other_seq then id else other end as newer_id,
                case when seq > other_seq then other else id end as older_id, ground
         from alike),
       told as (
         insert into duplicate_pair (newer_id, older_id, ground, found_at)
         select distinct on (newer_id, older_id) newer_id, older_id, ground, $2::timestamptz
         from pair order by newer_id, older_id, ground
         on conflict do nothing
         returning newer_id, older_id, ground)
       select n.case_id, o.case_id as other_id, o.case_number as other_number, told.ground
       from told join returnee n on n.id = newer_id join returnee o on o.id = older_id
       order by n.seq, o.seq`,
    [returneeIds, unit.now],
  );
  for (const pair of pairs) {
    unit.publish({
      topic: RETURNEES_TOPIC,
      key: pair.case_id,
      contract: DuplicateSuspected,
      data: { otherCaseId: pair.other_id, otherCaseNumber: pair.other_number, ground: pair.ground },
    });
  }
}
