/** Agencies that join minutes or months apart: whoever is there first, cases end with the same plans, and nobody is forgotten. */
import type { AgencyDefinition } from '@retorno/agency';
import { discoverAgencies } from '../../apps/local/discover';
import { needOf, openEscalations, referralOf, shown, type Case } from '../support/case-view';
import { eventually } from '../support/eventually';
import { agency, offer } from '../support/fixtures';
import { manifestCsv } from '../support/manifest';
import { expectedPlan } from '../support/oracle';
import { planDifferences } from '../support/plans';
import { System } from '../support/system';
import { wildRows } from '../support/wild-rows';

const LANDED = '2026-11-20T20:00:00Z';
/** Who stands in for others joins with them: who is asked first is a matter of who is there. */
const GROUPS = {
  health: ['health', 'protection', 'interior', 'education', 'disability'],
  work: ['employment', 'production', 'police', 'insurance', 'social-inclusion', 'identity'],
  border: ['assistance-centre', 'migration', 'civil-society', 'justice', 'consular', 'foreign-affairs'],
};
type Group = keyof typeof GROUPS;
const ORDERS: Group[][] = [
  ['border', 'health', 'work'],
  ['health', 'work', 'border'],
  ['work', 'border', 'health'],
];

const known = discoverAgencies();
const agenciesOf = (slugs: readonly string[]): AgencyDefinition[] =>
  known.filter(({ slug }) => slugs.includes(slug));

const offeredLater = ({ escalations }: Case) =>
  escalations.flatMap(({ status, detail }) =>
    status !== 'resolved' && detail['offered'] ? detail['need']!.split(',') : [],
  );

describe('agencies that join one group after the other', () => {
  it.each(ORDERS)(
    '%s, %s, %s: every open case has the plan of the rules, and of ended ones somebody is told',
    async (first, ...others) => {
      const system = await System.start({ at: LANDED, alone: true, fixtures: agenciesOf(GROUPS[first!]) });
      try {
        const rows = wildRows(30, 21, '2026-11-20');
        const { id } = await system.manifest(manifestCsv(rows));
        for (const group of others) await system.join(agenciesOf(GROUPS[group]));
        expect(await planDifferences(system, id, rows, ({ status }) => status === 'open')).toEqual([]);

        const slugs = known.map(({ slug }) => slug);
        const found = await system.all(`/intake/manifests/${id}/rows`);
        let open = 0;
        for (const [i, row] of rows.entries()) {
          const of = await system.caseOf(found[i]);
          if (of.status === 'open') open++;
          if (of.status !== 'completed') continue;
          const { needs } = expectedPlan(row, slugs, '2026-11-20');
          const lacked = of.needs.filter(
            ({ code, reason }) => reason === 'no-provider' && needs[code] === 'open',
          );
          const codes = lacked.map(({ code }) => code).toSorted();
          await eventually(async () => {
            expect(offeredLater(await system.caseOf(of)).toSorted()).toEqual(codes);
            return true;
          });
        }
        expect(open).toBeGreaterThan(0);
      } finally {
        await system.stop();
      }
    },
    240_000,
  );
});

describe('an agency that joins', () => {
  const lawyers = agency('lawyers', offer('advice', { for: ['legal-advice'] }));
  let system: System;
  beforeAll(async () => {
    system = await System.start();
  }, 60_000);
  afterAll(() => system.stop(), 60_000);

  it('is asked about what nobody offered before; ended cases are a group of their own until they are reopened', async () => {
    const open = await system.arrive({ needs: ['legal-advice', 'health-care'] });
    const ended = await system.arrive({ needs: ['legal-advice'], document_type: 'passport' });
    expect([needOf(open, 'legal-advice'), ended.status]).toEqual(['unmet/no-provider', 'completed']);
    await system.join([lawyers]);
    const after = await system.caseOf(open);
    expect(shown(after)).toContain('lawyers/advice received');
    expect(openEscalations(after)).toEqual([]);
    const group = 'no-provider:offered:lawyers';
    const listed = () => system.all(`/escalations?grouped=true&group=${group}`);
    await eventually(async () => (await listed()).length === 1);
    expect(await listed()).toMatchObject([
      { group, cases: 1, caseId: ended.id, detail: { agency: 'lawyers', need: 'legal-advice' } },
    ]);
    expect((await system.caseOf(ended)).status).toBe('completed');
    const again = await system.command(ended, 'reopen', { reason: 'she still wants it' });
    expect(referralOf(again, 'advice').status).toBe('received');
    expect(await listed()).toEqual([]);
  });
});
