import type { RedriveJob } from '@retorno/messaging';
import type { Caller } from '@retorno/service';
import { parse } from 'node-html-parser';
import type { Setting } from '../frame/page';
import { jobPage, jobsPart, worthShowing, type OpenedJob } from './redrive-page';

const OPERATOR: Caller = { subject: 'ana', name: 'Ana', roles: new Set(['operations']) };
const AUDITOR: Caller = { subject: 'eva', name: 'Eva', roles: new Set(['auditor']) };
const NOW = new Date('2026-11-23T16:00:00.000Z');
const setting: Setting = { language: 'es', caller: OPERATOR, address: '/console/parked', now: NOW };

const job = (change: Partial<OpenedJob> = {}): OpenedJob => ({
  id: 'j',
  service: 'health',
  cause: 'Error: burnt',
  perSecond: 2.5,
  state: 'running',
  startedBy: 'Ana',
  startedAt: '2026-11-23T15:59:00.000Z',
  endedBy: null,
  endedAt: null,
  total: 10,
  done: 6,
  failed: 1,
  left: 3,
  handled: 9,
  failures: [],
  ...change,
});
const ended = (id: string, endedAt: string): RedriveJob => job({ id, state: 'done', endedAt });
const opened = (one: OpenedJob, change: Partial<Setting> = {}) =>
  parse(jobPage({ ...setting, ...change }, one, undefined).body.text);

describe('a redrive of many streams', () => {
  it('says how far it is, in words and for whoever only hears it', () => {
    const page = opened(job());
    expect(page.querySelector('label')!.text).toBe(
      'Procesados: 6; volvieron a fallar: 1; faltan: 3 (en curso)',
    );
    const bar = page.querySelector('progress')!;
    expect([bar.getAttribute('max'), bar.getAttribute('value')]).toEqual(['10', '7']);
    expect(page.querySelector('label')!.getAttribute('for')).toBe(bar.id);
  });

  it('is followed while it is under way, unless whoever looks has paused that', () => {
    const polls = (one: OpenedJob, isPaused = false) =>
      opened(one, { isPaused }).querySelectorAll('[hx-trigger="every 1s"]').length;
    expect(polls(job())).toBe(1);
    expect(polls(job(), true)).toBe(0);
    expect(polls(job({ state: 'done', endedAt: NOW.toISOString() }))).toBe(0);
  });

  it('is stopped by operations while it is under way', () => {
    expect(opened(job()).querySelectorAll('form')).toHaveLength(1);
    expect(opened(job(), { caller: AUDITOR }).querySelectorAll('form')).toEqual([]);
    expect(opened(job({ state: 'stopped' })).querySelectorAll('form')).toEqual([]);
  });

  it('that stopped by itself says why, and each that failed again leads to where it stands', () => {
    const failures = [
      { topic: 't', key: 'k', cause: 'Error: burnt', id: 'x' },
      { topic: 't', key: 'l', cause: 'Error: burnt', id: null },
    ];
    const page = opened(job({ state: 'failing', failures }));
    expect(page.querySelector('.alert')!.text).toContain('La causa continúa');
    expect(page.querySelectorAll('tbody a').map((a) => a.getAttribute('href'))).toEqual([
      '/console/parked/health/x',
    ]);
    expect(page.querySelectorAll('tbody tr')[1]!.text).toContain('ya no está detenido');
  });

  it('stands on the list while it is under way and for a day, the latest first', () => {
    const jobs = [
      ended('old', '2026-11-22T15:00:00.000Z'),
      ended('early', '2026-11-23T10:00:00.000Z'),
      ended('late', '2026-11-23T11:00:00.000Z'),
      job({ id: 'running' }),
    ];
    expect(worthShowing(jobs, NOW).map(({ id }) => id)).toEqual(['running', 'late', 'early']);
    expect(jobsPart(setting, jobs.slice(0, 1))).toBe(false);
  });
});
