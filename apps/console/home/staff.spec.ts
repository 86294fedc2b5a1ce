import type { Caller } from '@retorno/service';
import { parse } from 'node-html-parser';
import { staffPage, type StaffHome } from './staff';

const caller: Caller = { subject: 's', name: 'Rosa', roles: new Set(['agency-worker']), agency: 'health' };
const setting = { language: 'es', caller, address: '/console', now: new Date() } as const;

function shown(home: StaffHome) {
  return parse(staffPage(setting, home).body.text);
}

describe('the first page of an agency’s staff', () => {
  it('leads from what is theirs to their worklist, what is late first', () => {
    const standing = { byStatus: { received: 3, 'on-hold': 1, completed: 8 }, overdue: 2 };
    const page = shown({ agency: { name: 'Salud', standing } });
    const tiles = page.querySelectorAll('.tiles a');
    expect(tiles.slice(0, 2).map((a) => [a.getAttribute('href'), a.querySelector('strong')!.text])).toEqual([
      ['/console/worklist?overdue=true', '2'],
      ['/console/worklist?status=received', '3'],
    ]);
    expect(page.querySelector('.empty')).toBeNull();
  });

  it('says what will come when there is nothing yet', () => {
    const page = shown({ agency: { name: 'Salud', standing: { byStatus: { completed: 1 }, overdue: 0 } } });
    expect(page.querySelector('.empty')!.text).toContain('No hay derivaciones por atender');
  });
});

describe('the first page of intake', () => {
  it('lists the last manifests with what was rejected, and says how to begin', () => {
    const manifest = {
      id: 'm-1',
      status: 'done',
      receivedAt: '2026-11-26T14:05:00.000Z',
      rows: 120,
      rejected: 4,
    } as NonNullable<StaffHome['manifests']>[number];
    const [row] = shown({ manifests: [manifest] }).querySelectorAll('tbody tr');
    expect(row!.querySelector('a')!.getAttribute('href')).toBe('/console/intake/manifests/m-1');
    expect(row!.querySelectorAll('td').map((cell) => cell.text.trim())).toEqual(['terminado', '120', '4']);
    expect(shown({ manifests: [] }).querySelector('.empty')!.text).toContain('Todavía no hay manifiestos');
  });
});
