import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { eventually } from '../support/eventually';
import { referralOf, type Case } from '../support/case-view';
import { System } from '../support/system';

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Rule {
  alert: string;
  expr: string;
  for: string;
  labels: { severity: string };
  annotations: { summary: string; description: string; runbook_url: string };
}
interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: { type: string; uid: string };
  gridPos: { h: number; w: number; x: number; y: number };
  targets?: { refId: string; expr: string; datasource: { uid: string } }[];
  fieldConfig?: { defaults: { unit?: string } };
}

const rules = (
  parse(read('deploy/prometheus/alerts.yml')).groups as { name: string; rules: Rule[] }[]
).flatMap((group) => group.rules);
const dashboard = JSON.parse(read('deploy/grafana/retorno.json')) as {
  uid: string;
  title: string;
  schemaVersion: number;
  templating: { list: { name: string; type: string; query: string | { query: string } }[] };
  panels: Panel[];
};
const guide = read('docs/how-to/watch-the-system.md');

/** Names of figures in an expression. */
const figuresIn = (expr: string) => expr.match(/\b(?:retorno|process|nodejs)_\w+/g) ?? [];
/** The figure that a sample belongs to. */
const base = (sample: string) => sample.replace(/_(bucket|sum|count)$/, '');

let system: System;
let found: Case;
let text: string;
beforeAll(async () => {
  system = await System.start();
  found = await system.arrive({ needs: ['health-care', 'employment', 'shelter'] });
  await system.complete(found, 'medical-care');
  await system.advance('6 d');
  await system.call('GET', `/cases/${found.id}`);
  await system.call('GET', `/cases/${found.number}?secret=Quispe`);
  await system.call('GET', '/no/such/place/Quispe');
  text = await eventually(async () => {
    const answered = await system.get<string>('/metrics');
    return answered.includes('retorno_escalations_open{') ? answered : '';
  });
});
afterAll(() => system.stop());

/** Value of the first sample with this name whose labels hold all that is given. */
function valueOf(name: string, ...labels: string[]): number | undefined {
  const line = text
    .split('\n')
    .find((l) => l.startsWith(`${name}{`) && labels.every((label) => l.includes(label)));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}
const declared = () =>
  new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!]));

describe('the figures', () => {
  it('are each in the guide with their labels, and the guide names no other', () => {
    const table = new Map(
      [...guide.matchAll(/^\| `(retorno_\w+)`\s+\| ([\w, ]+?)\s+\|/gm)].map(([, n, l]) => [n!, l!]),
    );
    const ours = [...declared().keys()].filter((name) => name.startsWith('retorno_'));
    expect([...table.keys()].toSorted()).toEqual(ours.toSorted());
    for (const [name, labels] of table) {
      const samples = text
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name}_count{`));
      for (const sample of samples) {
        const shown = [...sample.matchAll(/(\w+)="/g)].map(([, label]) => label!);
        expect([name, shown.toSorted()]).toEqual([name, labels.split(', ').toSorted()]);
      }
    }
  });

  it('that only grow are counters', () => {
    for (const [name, type] of declared())
      if (/^retorno_.*_total$/.test(name)) expect([name, type]).toEqual([name, 'counter']);
    expect(declared().get('retorno_handled')).toBe('counter');
    expect(declared().get('retorno_sent')).toBe('counter');
  });

  it('tell of every service that it is ready', () => {
    for (const { name } of system.topology.services) {
      expect([name, valueOf('retorno_ready', `service="${name}"`)]).toEqual([name, 1]);
    }
  });

  it('tell how long an agency took, by the clock of the rules', () => {
    const ended = ['agency="health"', 'answer="ended"'];
    expect(valueOf('retorno_referral_answer_seconds_count', ...ended)).toBe(1);
    expect(valueOf('retorno_referral_answer_seconds_count', 'agency="health"', 'answer="first"')).toBe(1);
    expect(valueOf('retorno_referrals_requested_total', 'agency="identity"')).toBeGreaterThanOrEqual(1);
    expect(valueOf('retorno_reminders_total', 'agency="identity"', 'deadline="ack"')).toBeGreaterThanOrEqual(
      1,
    );
  });

  it('tell which agency owes answers, and what is escalated', () => {
    expect(referralOf(found, 'dni-verify').agency).toBe('identity');
    expect(valueOf('retorno_cases_waiting', 'agency="identity"')).toBe(1);
    expect(valueOf('retorno_cases_waiting', 'agency="health"')).toBeUndefined();
    expect(valueOf('retorno_escalations_open', 'reason="no-provider"')).toBe(1);
    expect(valueOf('retorno_escalations_untaken', 'reason="no-provider"')).toBe(1);
  });

  it('know a request by its route, and hold no id, no number and nothing that was sent', () => {
    expect(
      valueOf('retorno_http_request_seconds_count', 'route="/cases/:id"', 'status="200"'),
    ).toBeGreaterThanOrEqual(2);
    for (const value of [found.id, found.number, 'Quispe', 'secret', 'no/such'])
      expect(text).not.toContain(value);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}/);
  });

  it('leave out live views, which last as long as somebody watches', async () => {
    const live = await system.follow();
    live.close();
    await system.call('GET', '/cases?limit=1');
    const after = await system.get<string>('/metrics');
    expect(after).toContain('route="/cases"');
    expect(after).not.toContain('route="/live"');
  });
});

describe('the alerts', () => {
  it('are made of figures that exist', () => {
    const names = new Set(declared().keys());
    const used = rules.flatMap((rule) => figuresIn(rule.expr));
    expect(used.filter((name) => !names.has(name) && !names.has(base(name)))).toEqual([]);
    expect(used.length).toBeGreaterThan(15);
  });

  it('each say how bad it is, what it is, and where the guide says what to do', () => {
    const headings = [...guide.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      title!.toLowerCase().replaceAll(' ', '-'),
    );
    for (const { alert, labels, annotations, for: lasting, expr } of rules) {
      expect(alert).toMatch(/^Retorno[A-Z]\w+$/);
      expect(['critical', 'warning']).toContain(labels.severity);
      expect(lasting).toMatch(/^\d+[mhd]$/);
      expect(expr).toMatch(/\S/);
      expect(annotations.summary).toMatch(/\S/);
      expect(annotations.description).toMatch(/\.$/);
      const [path, anchor] = annotations.runbook_url.split('#');
      expect(path).toBe('docs/how-to/watch-the-system.md');
      expect(headings).toContain(anchor);
      expect(guide).toContain(`### ${alert}\n\n${labels.severity}. `);
    }
    expect(new Set(rules.map((rule) => rule.alert)).size).toBe(rules.length);
  });

  it('are all that the guide explains', () => {
    const explained = [...guide.matchAll(/^### (\w+)$/gm)].map(([, title]) => title!);
    expect(explained.toSorted()).toEqual(rules.map((rule) => rule.alert).toSorted());
  });
});

describe('the dashboard', () => {
  const panels = dashboard.panels.filter((panel) => panel.type !== 'row');

  it('shows figures that exist', () => {
    const names = new Set(declared().keys());
    const used = panels.flatMap((panel) => panel.targets!.flatMap((target) => figuresIn(target.expr)));
    const asked = dashboard.templating.list.flatMap(({ query }) =>
      figuresIn(typeof query === 'string' ? query : query.query),
    );
    expect([...used, ...asked].filter((name) => !names.has(name) && !names.has(base(name)))).toEqual([]);
  });

  it('says of each panel what it is and in which unit, from a data source that can be chosen', () => {
    expect(dashboard.templating.list.map(({ name, type }) => [name, type])).toContainEqual([
      'datasource',
      'datasource',
    ]);
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36);
    for (const panel of panels) {
      expect([panel.title, panel.description]).toEqual([
        expect.stringMatching(/\S/),
        expect.stringMatching(/\S{2}/),
      ]);
      expect([panel.title, panel.fieldConfig?.defaults.unit]).toEqual([
        panel.title,
        expect.stringMatching(/\S/),
      ]);
      for (const { datasource } of [panel, ...panel.targets!]) expect(datasource?.uid).toBe('${datasource}');
    }
  });

  it('has no two panels in one place', () => {
    expect(new Set(dashboard.panels.map((panel) => panel.id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { h, w, x, y } }) =>
      Array.from({ length: h * w }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { gridPos } of dashboard.panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });
});
