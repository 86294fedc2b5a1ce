import {
  contactOf,
  decideStanding,
  evolveStanding,
  isPaused,
  maintenanceAt,
  reminderAt,
  type AgencyCommand,
  type AgencyStanding,
} from './standing';

const now = new Date('2026-11-23T14:00:00.000Z');
const at = (iso: string) => ({ now: new Date(iso), by: 'Ana' });

function after(commands: readonly AgencyCommand[], who = { now, by: 'Ana' }): AgencyStanding | undefined {
  return commands.reduce<AgencyStanding | undefined>(
    (standing, command) => evolveStanding('health', standing, decideStanding(standing, command, who)),
    undefined,
  );
}

const pause = { type: 'pause', reason: 'down' } as const;
const window = {
  type: 'announce',
  from: '2026-11-23T20:00:00-05:00',
  until: '2026-11-24T06:00:00-05:00',
  note: 'new servers',
} as const;

describe('what operations decide about an agency', () => {
  it('keeps who paused it, since when and why, until it is resumed', () => {
    const standing = after([pause]);
    expect(standing).toMatchObject({ paused: { since: now.toISOString(), by: 'Ana', reason: 'down' } });
    expect(isPaused(new Map([['health', standing!]]), 'health')).toBe(true);
    expect(after([pause, { type: 'resume', reason: 'back' }])?.paused).toBeUndefined();
  });

  it('refuses to pause what is paused, to resume what is not, and to end what was not announced', () => {
    expect(() => after([pause, pause])).toThrow('already-paused');
    expect(() => after([{ type: 'resume', reason: 'x' }])).toThrow('not-paused');
    expect(() => after([{ type: 'end-maintenance', reason: 'x' }])).toThrow('no-maintenance');
  });

  it.each([
    ['ends before it begins', { ...window, until: window.from }],
    ['is over', { ...window, from: '2026-11-20T00:00:00Z', until: '2026-11-21T00:00:00Z' }],
    ['is longer than 14 days', { ...window, until: '2026-12-09T00:00:00Z' }],
  ])('refuses a maintenance that %s', (_, command) => {
    expect(() => after([command])).toThrow('bad-window');
  });

  it('counts its facts, so that of two versions the newer one is known', () => {
    expect(after([pause, { type: 'resume', reason: 'x' }, pause])?.facts).toBe(3);
  });
});

describe('an announced maintenance', () => {
  const standings = new Map([['health', after([window])!]]);
  const until = '2026-11-24T11:00:00.000Z';

  it('lasts from its first instant to before its last', () => {
    expect(maintenanceAt(standings, 'health', new Date('2026-11-24T01:00:00Z'))?.until).toBe(until);
    expect(maintenanceAt(standings, 'health', new Date(until))).toBeUndefined();
    expect(maintenanceAt(standings, 'police', new Date('2026-11-24T02:00:00Z'))).toBeUndefined();
  });

  it('holds the reminder of a deadline within it back to its end', () => {
    expect(reminderAt(standings, 'health', '2026-11-24T03:00:00.000Z')).toBe(until);
    expect(reminderAt(standings, 'health', '2026-11-23T15:00:00.000Z')).toBe('2026-11-23T15:00:00.000Z');
  });

  it('that ends early ends now, and one that has not begun never was', () => {
    const announced = after([window]);
    const end = { type: 'end-maintenance', reason: 'done' } as const;
    const early = decideStanding(announced, end, at('2026-11-24T02:00:00.000Z'));
    expect(evolveStanding('health', announced, early).maintenance?.until).toBe('2026-11-24T02:00:00.000Z');
    expect(after([window, end])?.maintenance).toBeUndefined();
  });
});

describe('the contact of an agency', () => {
  const published = { email: 'old@example.org' };
  const corrected = after([
    { type: 'correct-contact', contact: { phone: '+51 1 000' }, published, reason: 'moved' },
  ]);

  it('is as corrected, until the agency publishes another one', () => {
    expect(contactOf(corrected, published)).toEqual({ phone: '+51 1 000' });
    expect(contactOf(corrected, { email: 'new@example.org' })).toEqual({ email: 'new@example.org' });
    expect(contactOf(undefined, published)).toEqual(published);
  });
});
