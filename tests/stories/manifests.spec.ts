import { agency, offer } from '../support/fixtures';
import { manifestCsv, manifestRows, type ManifestRow } from '../support/manifest';
import { asCells, returneeBody, type ReturneeBody } from '../support/returnee';
import { needOf, referralOf } from '../support/case-view';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start({
    fixtures: [
      agency('postbox', offer('letters', { for: ['legal-advice'], sees: ['contact'] })),
      agency('registry', offer('entry', { for: ['civil-certificate'], sees: ['name', 'birth'] })),
    ],
  });
});
afterAll(() => system.stop());

const row = (changes: Partial<ReturneeBody> = {}): ManifestRow =>
  asCells(returneeBody(changes)) as ManifestRow;
const rowsOf = (manifest: { id: string }) => system.all(`/intake/manifests/${manifest.id}/rows`);

describe('a manifest', () => {
  it('makes every good row a case with a number of its own', async () => {
    const report = await system.manifest(
      manifestCsv(manifestRows({ rows: 40, seed: 3, arrivalDate: '2026-11-20' })),
    );
    expect(report).toMatchObject({ status: 'done', rows: 40, created: 40, rejected: 0, errors: [] });
    const rows = await rowsOf(report);
    expect(new Set(rows.map((r) => r.caseNumber)).size).toBe(40);
    for (const { caseId, caseNumber } of rows) {
      expect(caseNumber).toMatch(/^RT-2026-\d{6}$/);
      expect((await system.get(`/cases/${caseNumber}`)).id).toBe(caseId);
    }
  });

  it('sent twice creates nothing new', async () => {
    const csv = manifestCsv([row({ needs: ['health-care'] }), row()]);
    const first = await rowsOf(await system.manifest(csv));
    const before = await system.caseOf(first[0]);
    const again = await system.manifest(csv);
    expect(again).toMatchObject({ rows: 2, created: 0, updated: 0, unchanged: 2 });
    const second = await rowsOf(again);
    expect(second.map((r) => r.caseId)).toEqual(first.map((r) => r.caseId));
    expect(await system.caseOf(first[0])).toEqual(before);
  });

  it('with a changed row updates its case: an added need is planned, a removed one recalled', async () => {
    const original = row({ needs: ['health-care', 'emotional-support'] });
    const [first] = await rowsOf(await system.manifest(manifestCsv([original])));
    const changed = { ...original, needs: 'health-care|employment' };
    expect(await system.manifest(manifestCsv([changed]))).toMatchObject({ created: 0, updated: 1 });
    const after = await system.caseOf(first);
    expect(referralOf(after, 'job-placement').status).toBe('planned');
    expect(referralOf(after, 'mental-health').businessStatus).toBe('cancellation-requested');
    expect(referralOf(after, 'medical-care')).toMatchObject({ attempt: 1, cancellation: null });
    expect(needOf(after, 'emotional-support')).not.toBe('open');
    const gone = await system.answers(after, 'mental-health', { status: 'cancelled' });
    expect(gone.status).toBe('open');
  });

  it('with a changed telephone tells only the agencies that see contacts', async () => {
    const original = row({ needs: ['legal-advice', 'civil-certificate'], document_type: 'passport' });
    const [first] = await rowsOf(await system.manifest(manifestCsv([original])));
    const found = await system.caseOf(first);
    const before = await system.seenBy('registry', referralOf(found, 'entry'));
    await system.advance(60_000);
    await system.manifest(manifestCsv([{ ...original, phone: '+51911111111' }]));
    const letters = await system.seenBy('postbox', referralOf(found, 'letters'));
    expect(letters.returnee.phone).toBe('+51911111111');
    expect(await system.seenBy('registry', referralOf(found, 'entry'))).toEqual(before);
  });

  it('with an older consent does not undo a newer one', async () => {
    const original = row({ needs: ['health-care'] });
    const [first] = await rowsOf(await system.manifest(manifestCsv([original])));
    await system.consent(first, 'withdrawn', '2026-11-22T12:00:00Z');
    await system.manifest(manifestCsv([{ ...original, phone: '+51911111112' }]));
    expect((await system.caseOf(first)).consent).toBe('withdrawn');
  });

  it.each([
    ['document', (one: ManifestRow) => ({ document_number: one.document_number })],
    [
      'names and birth date',
      (one: ManifestRow) => ({
        family_names: one.family_names.toUpperCase(),
        given_names: one.given_names,
        date_of_birth: one.date_of_birth,
      }),
    ],
  ])('with the %s of another case: both cases stay, and one escalation shows both', async (_what, same) => {
    const one = row({ needs: ['health-care'] });
    const two = { ...row({ needs: ['emotional-support'], date_of_birth: '1991-03-03' }), ...same(one) };
    const [first] = await rowsOf(await system.manifest(manifestCsv([one])));
    const [second] = await rowsOf(await system.manifest(manifestCsv([two])));
    expect(second.caseId).not.toBe(first.caseId);
    const suspected = (await system.all('/escalations?reason=duplicate-suspected')).filter((escalation) =>
      [first.caseId, second.caseId].includes(escalation.caseId),
    );
    expect(suspected).toHaveLength(1);
    expect(JSON.stringify(suspected[0])).toContain(first.caseNumber);
    expect(JSON.stringify(suspected[0])).toContain(second.caseNumber);
    expect(referralOf(await system.caseOf(first), 'medical-care').status).toBe('received');
    expect(referralOf(await system.caseOf(second), 'mental-health').status).toBe('received');
  });

  it('with bad rows: the good ones become cases, each bad one is named by line, column and reason', async () => {
    const secret = 'Zzyzx';
    const bad: Partial<Record<keyof ManifestRow, string>>[] = [
      { needs: 'health-care|free-lunch' },
      { vulnerabilities: 'grumpy' },
      { origin_country: 'XX' },
      { destination_ubigeo: '999999' },
      { date_of_birth: '2027-01-01' },
      { date_of_birth: '1990-02-31' },
      { document_number: '1234567A' },
      { family_names: `=cmd|' /C ${secret}'!A0` },
      { family_names: `<script>${secret}</script>` },
      { family_names: `${secret}'); drop table returnee; --` },
      { phone: secret },
      { consent: 'granted', consent_at: '' },
    ];
    const rows = [row(), ...bad.map((cells) => ({ ...row(), ...cells })), row({ needs: ['health-care'] })];
    const report = await system.manifest(manifestCsv(rows));
    expect(report).toMatchObject({ status: 'done', rows: 14, created: 2, rejected: 12 });
    const found = report.errors.map((e: { line: number; column: string }) => `${e.line} ${e.column}`);
    expect(found).toEqual([
      '3 needs',
      '4 vulnerabilities',
      '5 origin_country',
      '6 destination_ubigeo',
      '7 date_of_birth',
      '8 date_of_birth',
      '9 document_number',
      '10 family_names',
      '11 family_names',
      '12 family_names',
      '13 phone',
      '14 consent_at',
    ]);
    expect(JSON.stringify(report)).not.toContain(secret);
    const results = (await rowsOf(report)).map((r) => r.result);
    expect(results).toEqual(['created', ...bad.map(() => 'rejected'), 'created']);
  });

  it('with one external_id twice takes the first and names the second', async () => {
    const one = row();
    const report = await system.manifest(manifestCsv([one, { ...row(), external_id: one.external_id }]));
    expect(report).toMatchObject({ created: 1, rejected: 1 });
    expect(report.errors).toMatchObject([{ line: 3, column: 'external_id' }]);
  });

  it('with a row of too few cells loses only that row', async () => {
    const [header, one, two] = manifestCsv([row(), row()]).split('\r\n');
    const report = await system.manifest(
      [header, one, one!.split(',').slice(0, 9).join(','), two, ''].join('\r\n'),
    );
    expect(report).toMatchObject({ created: 2, rejected: 1 });
    expect(report.errors[0].line).toBe(3);
  });
});
