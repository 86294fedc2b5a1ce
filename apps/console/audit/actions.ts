/** What people do, by the routes that do it: what the screen has one name for. Pure. */

import { SCREENS, type Screen } from '../frame/page';

/** By its name in words.ts: the routes that are it. */
export const ACTIONS = {
  'see-case': [
    'GET /cases/:id',
    'GET /cases/:id/consent',
    'GET /cases/:id/disclosures',
    'GET /cases/:id/duplicates/:otherId',
    'GET /cases/:id/follow-ups',
    'GET /cases/:id/outlook',
  ],
  'see-person': [
    'GET /intake/cases/:id/likeness/:otherId',
    'GET /intake/returnees/:id',
    'GET /intake/returnees/:id/consent',
    'GET /intake/returnees/:id/retention',
  ],
  'see-notice': ['GET /intake/notices/:id'],
  'see-manifest': [
    'GET /intake/manifests/:id',
    'GET /intake/manifests/:id/errors',
    'GET /intake/manifests/:id/refused',
    'GET /intake/manifests/:id/rows',
  ],
  'see-referral': ['GET /agencies/:agency/referrals/:rid'],
  'see-escalation': ['GET /escalations/:id'],
  search: ['POST /intake/searches'],
  unmask: ['POST /cases/:id/unmasking'],
  export: ['GET /console/audit/download'],
  close: ['POST /cases/:id/close'],
  reopen: ['POST /cases/:id/reopen'],
  'add-need': ['POST /cases/:id/needs'],
  'settle-need': ['POST /cases/:id/needs/:code/settle'],
  complain: ['POST /cases/:id/complaints'],
  waive: ['POST /cases/:id/referrals/:rid/waive'],
  reroute: ['POST /cases/:id/referrals/:rid/reroute'],
  cancel: ['POST /cases/:id/referrals/:rid/cancel'],
  remind: ['POST /cases/:id/referrals/:rid/remind'],
  confirm: ['POST /cases/:id/referrals/:rid/confirmation'],
  inform: ['POST /cases/:id/referrals/:rid/information'],
  correct: ['POST /cases/:id/referrals/:rid/correction', 'POST /agencies/:agency/referrals/:rid/corrections'],
  'settle-lost': ['POST /cases/lost/:id/settle'],
  merge: ['POST /cases/:id/duplicates/:otherId'],
  'follow-up': ['POST /cases/:id/follow-ups/:month'],
  claim: ['POST /escalations/:id/claim'],
  'hand-over': ['POST /escalations/:id/release'],
  resolve: ['POST /escalations/:id/resolve'],
  answer: ['POST /agencies/:agency/referrals/:rid/answers'],
  capacity: ['PUT /agencies/:agency/offices/:code/capacity'],
  'pause-agency': ['POST /roundtable/:slug/pause'],
  'resume-agency': ['POST /roundtable/:slug/resume'],
  maintenance: ['PUT /roundtable/:slug/maintenance', 'POST /roundtable/:slug/maintenance/end'],
  'agency-contact': ['PUT /roundtable/:slug/contact'],
  register: ['POST /intake/returnees'],
  manifest: ['POST /intake/manifests'],
  notice: ['POST /intake/notices', 'PUT /intake/notices/:id'],
  contact: ['PUT /intake/returnees/:id/contact'],
  consent: ['PUT /intake/returnees/:id/consent'],
  flight: ['POST /intake/flights/:flight/:date/cancel'],
  erase: ['POST /intake/returnees/:id/erasure'],
  hold: ['POST /intake/returnees/:id/hold'],
  release: ['POST /intake/returnees/:id/release'],
  link: ['POST /portal/links'],
  'revoke-link': ['POST /portal/links/:id/revoke'],
  'see-message': ['GET /parked/:id/message'],
  redrive: ['POST /parked/:id/redrive', 'POST /parked/redrives'],
  'stop-redrive': ['POST /parked/redrives/:id/stop'],
  investigate: ['POST /parked/:id/claim', 'POST /parked/claims'],
  'let-go': ['POST /parked/:id/release', 'POST /parked/releases'],
  edit: ['POST /parked/:id/edit'],
  skip: ['POST /parked/:id/skip'],
  rebuild: ['POST /statistics/rebuild'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What is written down of people: one of these, or `visit` and `other`, which only refusals are. */
export type ActionName = keyof typeof ACTIONS;

const NAMES = new Map<string, ActionName>(
  Object.entries(ACTIONS).flatMap(([name, routes]) =>
    routes.map((route): [string, ActionName] => [route, name as ActionName]),
  ),
);

/** The name of a route; `visit` for another page or list, `other` for anything else. */
export function actionNamed(route: string): ActionName | 'visit' | 'other' {
  return NAMES.get(route) ?? (route.startsWith('GET ') ? 'visit' : 'other');
}

/** The screen that a refused request belongs to, by the first part of its address; undefined for none. */
export function screenOf(route: string): Screen | undefined {
  const [, first = ''] = /^[A-Z]+ (?:\/console)?\/?([^/]*)/.exec(route) ?? [];
  return SCREENS.find(({ path }) => path === (first === '' ? '/console' : `/console/${first}`))?.screen;
}

/** Whether an address names one of them. */
export function isAction(name: string): name is ActionName {
  return Object.hasOwn(ACTIONS, name);
}
