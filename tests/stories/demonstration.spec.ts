/** What `npm start` holds for somebody new: found and settled at the console, as the tour says. */
import { parse } from 'node-html-parser';
import { createLogger } from '@retorno/service';
import { Api } from '../../apps/local/api';
import { SILENT, Troubles } from '../../apps/local/demonstration/troubles';
import { discoverAgencies } from '../../apps/local/discover';
import { DEMONSTRATION } from '../../apps/local/issuer/people';
import { freshSecrets } from '../../apps/local/secrets';
import { Simulator } from '../../apps/local/simulator';
import { startTopology, type Topology } from '../../apps/local/topology';
import { Browser, type Shown } from '../support/browser';
import { eventually } from '../support/eventually';
import { startPostgres, type TestDatabase } from '../support/postgres';

const AGENCIES = ['assistance-centre', 'civil-society', 'health', SILENT];

let database: TestDatabase;
let topology: Topology;
let simulator: Simulator;
let operator: Browser;

beforeAll(async () => {
  database = await startPostgres();
  const agencies = discoverAgencies().filter(({ slug }) => AGENCIES.includes(slug));
  const troubles = new Troubles();
  topology = await startTopology({
    adminUrl: database.url,
    secrets: freshSecrets(),
    agencies: troubles.in(agencies),
    clock: troubles.clock,
    port: 0,
    logger: createLogger('stories', 'silent'),
  });
  const { url, logins } = topology;
  const bearerOf = (client: string): (() => Promise<string>) => {
    const tokens = logins.tokens(client);
    return () => tokens.bearer();
  };
  const apiOf = (client: string): Api => new Api(url, bearerOf(client));
  const { signal } = new AbortController();
  await troubles.arrange({ api: apiOf(DEMONSTRATION), apiOf, agencies, signal });
  simulator = new Simulator({
    url,
    agencies: AGENCIES,
    silent: SILENT,
    bearerOf,
    pace: 0.05,
    returnees: false,
    onError: () => undefined,
  });
  simulator.start();
  operator = new Browser(url);
});

afterAll(async () => {
  await simulator.stop();
  await topology.stop();
  await database.stop();
});

/** The address of the first link whose text holds this. */
function linkIn(page: Shown, text: string | RegExp): string {
  const link = parse(page.text)
    .querySelectorAll('main a')
    .find((a) => (typeof text === 'string' ? a.text.includes(text) : text.test(a.text)));
  if (!link) throw new Error(`no link with ${text} at ${page.url}`);
  return link.getAttribute('href')!;
}

const ALL_TO_DO = Object.fromEntries(
  ['find', 'reroute', 'watch', 'redrive', 'import', 'visit'].map((name) => [name, 'por hacer']),
);

/** What the tour says of each of its steps. */
function stepsOf(page: Shown): Record<string, string> {
  const steps = parse(page.text).querySelectorAll('main li[id^=step-]');
  return Object.fromEntries(
    steps.map((step) => [step.id.replace('step-', ''), step.querySelector('span')!.text]),
  );
}

describe('what the demonstration holds for somebody new', () => {
  let caseAddress: string;

  it('is one overdue case, found from home, and a sentence that says whose answer is late', async () => {
    const home = await operator.logIn('/console', 'operations', topology.logins.password!);
    const cases = await operator.open(linkIn(home, /^\s*1\s+con una respuesta atrasada/));
    const numbers = parse(cases.text)
      .querySelectorAll('main a')
      .filter((a) => a.text.trim().startsWith('RT-'));
    expect(numbers).toHaveLength(1);
    caseAddress = numbers[0]!.getAttribute('href')!;
    const page = await operator.open(caseAddress);
    expect(parse(page.text).querySelector('.sentence')!.text).toMatch(
      /Ministerio de Justicia.*debía aceptar o rechazar «Asistencia legal gratuita» y no respondió/,
    );
  });

  it('is offered at home as a tour, of which nothing is done yet', async () => {
    const tour = await operator.open(linkIn(await operator.open('/console'), 'Haga el recorrido'));
    expect(stepsOf(tour)).toEqual({ ...ALL_TO_DO });
    const staff = await new Browser(topology.url).logIn('/console/tour', 'health', topology.logins.password!);
    expect(staff.text).toContain('solo las derivaciones de su institución');
    expect(stepsOf(await operator.open('/console/tour'))).toEqual({ ...ALL_TO_DO, visit: 'hecho' });
  });

  it('is one agency in trouble, at home and in the list of agencies', async () => {
    const home = await operator.open('/console');
    expect(linkIn(home, 'Ministerio de Justicia')).toBe(`/console/agencies/${SILENT}`);
    const agencies = await operator.open('/console/agencies');
    const row = parse(agencies.text)
      .querySelectorAll('tbody tr')
      .find((one) => one.innerHTML.includes(`/console/agencies/${SILENT}`));
    expect(row!.querySelector('.bad')).not.toBeNull();
  });

  it('is a case that moves as soon as it is sent on to somebody who answers', async () => {
    const action = linkIn(await operator.open(caseAddress), 'Reenviar');
    const form = parse((await operator.open(action)).text).querySelector('main form')!;
    const fields = Object.fromEntries(
      form
        .querySelectorAll('input[type=hidden]')
        .map((input) => [input.getAttribute('name')!, input.getAttribute('value') ?? '']),
    );
    await operator.submit(form.getAttribute('action')!, { ...fields, reason: 'no responde' });
    await eventually(async () => {
      const { text } = await operator.open(caseAddress);
      const main = parse(text).querySelector('main')!.text;
      return main.includes('Asesoría legal pro bono') && !/debía aceptar/.test(main);
    });
  });

  it('is one group of parked messages, which waits for a person, and is empty once it is redriven', async () => {
    const page = await operator.open('/console/parked');
    const groups = parse(page.text).querySelectorAll('main section');
    expect(groups.map((group) => group.querySelector('h2')!.text)).toEqual([
      'No se pudo procesar: 3 asuntos detenidos',
    ]);
    expect(groups[0]!.text).toContain('SimulatedBreakdown');
    expect(groups[0]!.text).toContain('espera a una persona');
    const group = groups[0]!.querySelector('input[name=group]')!.getAttribute('value')!;
    await operator.submit('/console/parked/redrive', { group, perSecond: '50' });
    await eventually(async () => {
      const { text } = await operator.open('/console/parked');
      return parse(text).querySelectorAll('main input[name=group]').length === 0;
    });
  });

  it('is a tour whose steps are done by then, which home offers until somebody does not want it', async () => {
    const csv = 'external_id\r\n1\r\n';
    const form = new FormData();
    form.set('file', new Blob([csv], { type: 'text/csv' }), 'arrivals.csv');
    await operator.request('POST', '/console/intake/manifests', form, {
      origin: topology.url,
      'sec-fetch-site': 'same-origin',
    });
    const done = Object.keys(ALL_TO_DO).map((name) => [name, 'hecho']);
    await eventually(
      async () =>
        JSON.stringify(stepsOf(await operator.open('/console/tour'))) ===
        JSON.stringify(Object.fromEntries(done)),
    );
    expect((await operator.open('/console')).text).toContain('Haga el recorrido');
    const home = await operator.submit('/console/tour/dismiss', {});
    expect(home.text).not.toContain('Haga el recorrido');
  });
});
