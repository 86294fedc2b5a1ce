import type { AuditEntry } from './entry';
import { OPENING_MS, REFUSAL_MS, Repeats } from './repeats';

function entry(changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: 'id',
    at: '2026-11-23T15:00:00.000Z',
    subject: 'u1',
    name: 'Ana',
    roles: [],
    agency: null,
    authority: null,
    action: 'GET /cases/:id',
    about: ['case:1'],
    status: 403,
    refused: 'not-allowed',
    reason: null,
    times: 1,
    ...changes,
  };
}

const opening = entry({ status: 200, refused: null });
const times = (rows: readonly AuditEntry[]) => rows.map((row) => row.times);

describe('equal rows', () => {
  it('of a flood of refusals are the first and one with a count', () => {
    const repeats = new Repeats();
    expect(times(repeats.take(entry(), 0))).toEqual([1]);
    for (let i = 1; i <= 1_000; i++) expect(repeats.take(entry(), i)).toEqual([]);
    expect(repeats.due(REFUSAL_MS - 1)).toEqual([]);
    expect(times(repeats.due(REFUSAL_MS))).toEqual([1_000]);
    expect(repeats.isEmpty).toBe(true);
  });

  it('of a page that fetches itself again are the first and one with a count', () => {
    const repeats = new Repeats();
    expect(times(repeats.take(opening, 0))).toEqual([1]);
    expect(repeats.take(opening, OPENING_MS - 1)).toEqual([]);
    expect(times(repeats.take(opening, OPENING_MS))).toEqual([1, 1]);
  });

  it('are none when anything differs', () => {
    const repeats = new Repeats();
    const rows = [entry(), entry({ subject: 'u2' }), entry({ about: ['case:2'] }), entry({ status: 401 })];
    for (const row of rows) expect(repeats.take(row, 0)).toEqual([row]);
  });

  it('are not looked for among changes: each is a row', () => {
    const repeats = new Repeats();
    const change = entry({ action: 'POST /cases/:id/close', status: 200, refused: null });
    expect([...repeats.take(change, 0), ...repeats.take(change, 0)]).toEqual([change, change]);
    expect(repeats.isEmpty).toBe(true);
  });

  it('of somebody who tries one id after the other are few, and of somebody else still tell the ids', () => {
    const repeats = new Repeats();
    const rows = Array.from({ length: 5_000 }, (_, i) => entry({ about: [`case:${i}`] }));
    const now = rows.flatMap((row) => repeats.take(row, 1));
    expect(now.length).toBeLessThan(70);
    expect(repeats.take(entry({ subject: 'u2' }), 2)[0]!.about).toEqual(['case:1']);
    const all = [...now, ...repeats.all()];
    expect(times(all).reduce((sum, n) => sum + n)).toBe(5_000);
  });

  it('are all given when it ends', () => {
    const repeats = new Repeats();
    repeats.take(opening, 0);
    repeats.take(opening, 1);
    repeats.take(entry(), 1);
    expect(times(repeats.all())).toEqual([1]);
  });
});
