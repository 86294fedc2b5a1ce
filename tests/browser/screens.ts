/** Every page that somebody can come to, for what holds of all of them. */
import { parkForShow } from '../support/parked';
import type { System } from '../support/system';

/** One page. */
export interface Stop {
  /** Of the menu, or how a page beside the menu is called. */
  readonly screen: string;
  /** Names its picture. */
  readonly name: string;
  /** Who looks at it; nobody is logged in at `nobody`'s. */
  readonly as: string;
  readonly path: string;
  /** What the answer's status is, when it is none of 200. */
  readonly status?: number;
}

/** The stops of a system that holds cases already. */
export async function stopsOf(system: System): Promise<readonly Stop[]> {
  const [first] = await system.all<{ id: string; number: string }>('/cases?overdue=true');
  const [escalation] = await system.all<{ id: string }>('/escalations');
  const [referral] = await system.all<{ id: string }>('/agencies/health/referrals?status=accepted');
  await decideOnAgencies(system);
  const pair = await registerTwice(system);
  await giveLinks(system, first!.id);
  const parked = await parkForShow(system);
  return [
    { screen: 'home', name: 'home', as: 'operations', path: '/console' },
    { screen: 'home', name: 'home-agency', as: 'health', path: '/console' },
    { screen: 'home', name: 'home-intake', as: 'intake', path: '/console' },
    { screen: 'cases', name: 'cases', as: 'operations', path: '/console/cases' },
    { screen: 'cases', name: 'cases-filtered', as: 'auditor', path: `/console/cases?q=${first!.number}` },
    { screen: 'cases', name: 'cases-none', as: 'operations', path: '/console/cases?q=RT-1999-000001' },
    { screen: 'cases', name: 'case', as: 'operations-lead', path: `/console/cases/${first!.number}` },
    { screen: 'cases', name: 'case-watched', as: 'auditor', path: `/console/cases/${first!.number}` },
    {
      screen: 'cases',
      name: 'case-close',
      as: 'operations',
      path: `/console/cases/${first!.number}/actions/close`,
    },
    {
      screen: 'cases',
      name: 'case-over',
      as: 'operations',
      path: `/console/cases/${first!.number}/actions/reopen`,
      status: 409,
    },
    {
      screen: 'cases',
      name: 'case-missing',
      as: 'operations',
      path: '/console/cases/RT-1999-000001',
      status: 404,
    },
    { screen: 'escalations', name: 'escalations', as: 'operations', path: '/console/escalations' },
    {
      screen: 'escalations',
      name: 'escalations-none',
      as: 'operations',
      path: '/console/escalations?owner=mine',
    },
    {
      screen: 'escalations',
      name: 'escalations-resolved',
      as: 'operations',
      path: '/console/escalations?resolvedSince=2026-01-01',
    },
    {
      screen: 'escalations',
      name: 'escalation',
      as: 'operations',
      path: `/console/escalations/${escalation!.id}`,
    },
    { screen: 'duplicates', name: 'duplicates', as: 'operations', path: '/console/duplicates' },
    {
      screen: 'duplicates',
      name: 'duplicates-none',
      as: 'operations',
      path: '/console/duplicates?owner=mine',
    },
    {
      screen: 'duplicates',
      name: 'duplicates-pair',
      as: 'operations-lead',
      path: `/console/duplicates/${pair.join('/')}`,
    },
    {
      screen: 'duplicates',
      name: 'duplicates-watched',
      as: 'auditor',
      path: `/console/duplicates/${pair.join('/')}`,
    },
    { screen: 'follow-ups', name: 'follow-ups', as: 'operations', path: '/console/follow-ups' },
    {
      screen: 'follow-ups',
      name: 'follow-ups-case',
      as: 'operations',
      path: `/console/follow-ups/${first!.number}`,
    },
    { screen: 'parked', name: 'parked', as: 'operations', path: '/console/parked' },
    {
      screen: 'parked',
      name: 'parked-sequence',
      as: 'operations-lead',
      path: `/console/parked/health/${parked.message}`,
    },
    {
      screen: 'parked',
      name: 'parked-edit',
      as: 'operations-lead',
      path: `/console/parked/health/${parked.message}/edit`,
    },
    {
      screen: 'parked',
      name: 'parked-redrive',
      as: 'operations',
      path: `/console/parked/redrives/health/${parked.redrive}`,
    },
    { screen: 'worklist', name: 'worklist', as: 'health', path: '/console/worklist' },
    { screen: 'worklist', name: 'worklist-print', as: 'health', path: '/console/worklist?print=true' },
    { screen: 'worklist', name: 'referral', as: 'health', path: `/console/worklist/${referral!.id}` },
    { screen: 'offices', name: 'offices', as: 'health', path: '/console/offices' },
    { screen: 'agencies', name: 'agencies', as: 'operations', path: '/console/agencies' },
    { screen: 'agencies', name: 'agency', as: 'operations', path: '/console/agencies/health' },
    {
      screen: 'agencies',
      name: 'agency-paused',
      as: 'operations-lead',
      path: '/console/agencies/production',
    },
    {
      screen: 'agencies',
      name: 'agency-pause',
      as: 'operations-lead',
      path: '/console/agencies/health/pause',
    },
    {
      screen: 'agencies',
      name: 'agency-maintenance',
      as: 'operations',
      path: '/console/agencies/health/maintenance',
    },
    {
      screen: 'agencies',
      name: 'agency-contact',
      as: 'operations',
      path: '/console/agencies/health/contact',
    },
    { screen: 'intake', name: 'intake', as: 'intake', path: '/console/intake' },
    { screen: 'intake', name: 'intake-returnee', as: 'intake', path: '/console/intake/returnee' },
    { screen: 'statistics', name: 'statistics', as: 'statistics', path: '/console/statistics' },
    { screen: 'statistics', name: 'statistics-map', as: 'statistics', path: '/console/statistics/table' },
    {
      screen: 'statistics',
      name: 'statistics-crossed',
      as: 'statistics',
      path: '/console/statistics/table?by=age-group&and=return-type',
    },
    {
      screen: 'statistics',
      name: 'statistics-refused',
      as: 'statistics',
      path: '/console/statistics/table?by=agency&and=service',
      status: 422,
    },
    {
      screen: 'statistics',
      name: 'statistics-follow-ups',
      as: 'statistics',
      path: '/console/statistics/follow-ups',
    },
    { screen: 'audit', name: 'audit', as: 'auditor', path: '/console/audit' },
    {
      screen: 'audit',
      name: 'audit-case',
      as: 'operations-lead',
      path: `/console/audit?case=${first!.number}`,
    },
    { screen: 'audit', name: 'audit-none', as: 'auditor', path: '/console/audit?who=nobody' },
    { screen: 'audit', name: 'audit-wrong', as: 'auditor', path: '/console/audit?case=x', status: 422 },
    {
      screen: 'cases',
      name: 'case-unmasking',
      as: 'operations-lead',
      path: `/console/cases/${first!.number}/unmasking`,
    },
    {
      screen: 'cases',
      name: 'case-links',
      as: 'operations',
      path: `/console/cases/${first!.number}/links`,
    },
    {
      screen: 'cases',
      name: 'case-retention',
      as: 'operations-lead',
      path: `/console/cases/${first!.number}/retention`,
    },
    { screen: 'help', name: 'help', as: 'health', path: '/console/help' },
    { screen: 'help', name: 'help-page', as: 'operations', path: '/console/help/reroute-a-referral' },
    {
      screen: 'help',
      name: 'help-missing',
      as: 'operations',
      path: '/console/help/no-such-page',
      status: 404,
    },
    { screen: 'help', name: 'tour-none', as: 'operations', path: '/console/tour' },
    { screen: 'help', name: 'tour-staff', as: 'health', path: '/console/tour' },
    { screen: 'beside', name: 'forbidden', as: 'health', path: '/console/cases', status: 403 },
    { screen: 'beside', name: 'login', as: 'nobody', path: '/console' },
    {
      screen: 'beside',
      name: 'login-failed',
      as: 'nobody',
      path: '/console/login/callback?code=x',
      status: 400,
    },
    { screen: 'beside', name: 'login-done', as: 'nobody', path: '/console/login/done' },
    { screen: 'beside', name: 'logged-out', as: 'nobody', path: '/console/bye' },
  ];
}

/** One link that opens the page, and one that was revoked. */
async function giveLinks(system: System, caseId: string): Promise<void> {
  await system.call('POST', '/portal/links', { caseId });
  const { body } = await system.call('POST', '/portal/links', { caseId, language: 'qu', days: 3 });
  await system.call('POST', `/portal/links/${body.id}/revoke`, { reason: 'Perdió el teléfono' });
}

/** One person registered by two authorities, each in its own way: the numbers of the cases, the newer one first. */
async function registerTwice(system: System): Promise<readonly [string, string]> {
  const person = { document_type: 'none', date_of_birth: '1951-02-13', phone: '' };
  const needs = ['health-care', 'employment'];
  const names = { family_names: 'Huamán Ñahui', given_names: 'Luz Marina' };
  const older = await system.register({ ...person, ...names, needs });
  const written = { family_names: 'GUAMAN', given_names: 'Luz', sending_authority: 'consulate:cl-santiago' };
  const newer = await system.register({
    ...person,
    ...written,
    needs: ['health-care'],
    phone: '+51987000111',
  });
  return [newer.caseNumber, older.caseNumber];
}

/** One agency is paused and one announces its maintenance, for lists and pages that say so. */
async function decideOnAgencies(system: System): Promise<void> {
  const reason = 'Mudanza de sede';
  const hours = (count: number) => new Date(system.clock.now().getTime() + count * 3_600_000).toISOString();
  const window = { from: hours(-1), until: hours(6), note: 'Cambio de servidores' };
  for (const [method, path, body] of [
    ['POST', '/roundtable/production/pause', { reason }],
    ['PUT', '/roundtable/education/maintenance', window],
  ] as const) {
    const { status } = await system.call(method, path, body);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
  }
}
