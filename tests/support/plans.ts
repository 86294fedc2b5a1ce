/** Holds the plans of a running system against the oracle. */
import { addWorkingDays } from './lima-days';
import type { ManifestRow } from './manifest';
import { expectedDisclosure, expectedPlan, SOMETHING, type ExpectedReferral } from './oracle';
import type { Case, Referral } from './case-view';
import type { System } from './system';

/** Needs that nobody asks for: they carry the services for every arrival and every end. */
const NOT_ASKED = ['arrival-reception', 'follow-up'];

/** Cases looked at at a time. */
const AT_ONCE = 50;

/**
 * Imports the rows, passing over those that are refused; every difference between what the rules say and what was done,
 * as sentences that name row and field: needs, referrals with what they wait for, their basis and deadlines, and what
 * each agency was told of the person.
 */
export async function differences(
  system: System,
  csv: string,
  rows: readonly ManifestRow[],
): Promise<string[]> {
  const report = await system.manifest(csv);
  return planDifferences(system, report.id, rows);
}

/** The same of cases that there are already; `among` leaves out others. */
export async function planDifferences(
  system: System,
  manifestId: string,
  rows: readonly ManifestRow[],
  among: (of: Case) => boolean = () => true,
): Promise<string[]> {
  const agencies = (await system.all<{ slug: string }>('/agencies')).map((agency) => agency.slug);
  const day = new Date(system.clock.now().getTime() - 5 * 3_600_000).toISOString().slice(0, 10);
  const found = await system.all(`/intake/manifests/${manifestId}/rows`);
  expect(found.map((one) => one.line)).toEqual(rows.map((_, i) => i + 2));
  const ofRow = async (row: ManifestRow, i: number): Promise<string[]> => {
    if (found[i].result === 'rejected') return [];
    const { needs, referrals } = expectedPlan(row, agencies, day);
    const of = await system.caseOf(found[i]);
    if (!among(of)) return [];
    const shown = `${row.external_id} (${row.consent}, ${row.document_type}, ${row.nationality}, ${row.vulnerabilities || '-'}, ${row.needs})`;
    return [
      ...compare(needs, needsOf(of)),
      ...compare(mapped(referrals, sentence), actualReferrals(of)),
      ...(await disclosureDifferences(system, row, of)),
    ].map((difference) => `${shown}: ${difference}`);
  };
  const lists: string[][] = [];
  for (let first = 0; first < rows.length; first += AT_ONCE) {
    const some = rows.slice(first, first + AT_ONCE);
    lists.push(...(await Promise.all(some.map((row, i) => ofRow(row, first + i)))));
  }
  return lists.flat();
}

/** Where an agency was told something else of the person than the rules say; a field too many is one too. */
async function disclosureDifferences(system: System, row: ManifestRow, of: Case): Promise<string[]> {
  const sent = of.referrals.filter((r) => r.requestedAt);
  const lists = await Promise.all(
    sent.map(async (referral) => {
      const name = `${referral.agency}/${referral.service}`;
      const { returnee } = await system.seenBy(referral.agency, referral);
      const expected = expectedDisclosure(row, name);
      const told = Object.fromEntries(
        Object.entries(returnee as Record<string, unknown>).map(([field, value]) => [
          field,
          expected[field] === SOMETHING ? whatItMayBe(value, row) : JSON.stringify(value),
        ]),
      );
      return compare(
        mapped(expected, (value) => (value === SOMETHING ? SOMETHING : JSON.stringify(value))),
        told,
      ).map((difference) => `${name} was told: ${difference}`);
    }),
  );
  return lists.flat();
}

/** A value that the rules leave to the coordinator may be anything that does not say who the person is. */
function whatItMayBe(value: unknown, row: ManifestRow): string {
  const text = String(value).toLowerCase();
  const names = [row.family_names, row.given_names, row.document_number, row.phone];
  const said = names.filter((name) => name !== '' && text.includes(name.toLowerCase()));
  return text === '' || said.length > 0 ? `a value that says ${said.length} things of the person` : SOMETHING;
}

function needsOf(of: Case): Record<string, string> {
  return Object.fromEntries(
    of.needs
      .filter((need) => !NOT_ASKED.includes(need.code))
      .map((need) => [need.code, need.reason ? `${need.status}/${need.reason}` : need.status]),
  );
}

function actualReferrals(of: Case): Record<string, string> {
  return Object.fromEntries(of.referrals.map((r) => [`${r.agency}/${r.service}`, actual(r)]));
}

function actual(referral: Referral): string {
  const { requires, basis, provisional, requestedAt, ackDueAt, dueAt } = referral;
  const head = [basis, provisional ? 'provisional' : '', `after [${requires.toSorted().join(' ')}]`];
  return [...head, requestedAt ? `sent ${ackDueAt} ${dueAt} since ${requestedAt}` : 'waits'].join(', ');
}

/** The same sentence from the oracle; deadlines need the moment of sending, which it takes from the system's clock. */
function sentence(expected: ExpectedReferral): (since: string) => string {
  return (since) => {
    const { basis, provisional, requires, sent, ack, done } = expected;
    const head = [basis, provisional ? 'provisional' : '', `after [${requires.join(' ')}]`];
    const due = `sent ${deadline(since, ack)} ${deadline(since, done)} since ${since}`;
    return [...head, sent ? due : 'waits'].join(', ');
  };
}

function deadline(since: string, within: string): string {
  const [count, unit] = within.split(' ');
  const at = new Date(since);
  return unit === 'd'
    ? addWorkingDays(at, Number(count)).toISOString()
    : new Date(at.getTime() + Number(count) * 3_600_000).toISOString();
}

function mapped<A, B>(of: Record<string, A>, by: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, by(value)]));
}

function compare(
  expected: Record<string, string | ((since: string) => string)>,
  found: Record<string, string>,
): string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])].toSorted().flatMap((key) => {
    const want = expected[key];
    const has = found[key];
    const since = / since (\S+)$/.exec(has ?? '')?.[1] ?? 'its request';
    if (want === undefined) return [`${key} is unexpected: ${has}`];
    if (has === undefined) return [`${key} is missing`];
    const wanted =
      typeof want === 'string'
        ? want
        : since === 'its request'
          ? want('1970-01-01T00:00:00.000Z')
          : want(since);
    return wanted === has ? [] : [`${key} is '${has}', not '${wanted}'`];
  });
}
