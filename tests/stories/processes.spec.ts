import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { Api } from '../../apps/local/api';
import { discoverAgencies } from '../../apps/local/discover';
import { startProcesses, type Processes } from '../../apps/local/processes/processes';
import { BUILT } from '../../apps/local/processes/service-process';
import { freshSecrets } from '../../apps/local/secrets';
import { servicesWith } from '../../apps/local/services';
import { bearersOf, issuerWithin, type Bearers } from '../support/bearers';
import { built } from '../support/built';
import { referralOf, type Case } from '../support/case-view';
import { eventually } from '../support/eventually';
import { describeWithKafka } from '../support/kafka-suite';
import { followLive } from '../support/live';
import { manifestCsv, type ManifestRow } from '../support/manifest';
import { fewAgencies } from '../support/roundtable';
import { startPostgres, type TestDatabase } from '../support/postgres';
import { asCells, returneeBody } from '../support/returnee';

const SLOW = 180_000;
/** One referral to health, and nothing else, comes of such a person. */
const IN_NEED_OF_CARE = { document_type: 'passport', needs: ['health-care'] };

describeWithKafka(
  'services as processes over Kafka',
  (kafka) => {
    let database: TestDatabase;
    let system: Processes;
    let api: Api;
    let bearers: Bearers;
    const secrets = freshSecrets();
    const said: string[] = [];

    beforeAll(async () => {
      await built();
      database = await startPostgres();
      system = await startProcesses({
        adminUrl: database.url,
        brokers: kafka().brokers,
        agencies: fewAgencies(),
        instances: { coordinator: 2 },
        env: { PATH: process.env['PATH'], LOG_LEVEL: 'warn' },
        secrets,
        port: 0,
        log: (line) => said.push(line),
      });
      bearers = bearersOf(issuerWithin(system.url, secrets));
      api = new Api(system.url, bearers);
    }, SLOW);
    afterAll(async () => {
      await system?.stop();
      await database?.stop();
    }, SLOW);

    async function arrive(count: number): Promise<Case[]> {
      const rows = Array.from({ length: count }, () => asCells(returneeBody(IN_NEED_OF_CARE)) as ManifestRow);
      const { id } = await api.upload<{ id: string }>('/intake/manifests', manifestCsv(rows));
      await eventually(
        async () => (await api.get<{ status: string }>(`/intake/manifests/${id}`)).status === 'done',
        60_000,
      );
      const { items } = await api.get<{ items: { caseId: string }[] }>(`/intake/manifests/${id}/rows`);
      return Promise.all(items.map(({ caseId }) => when(caseId, 'medical-care', 'received')));
    }

    function when(caseId: string, service: string, status: string): Promise<Case> {
      return eventually(async () => {
        const found = await api.get<Case>(`/cases/${caseId}`);
        return found.referrals.some((r) => r.service === service && r.status === status) ? found : undefined;
      }, 60_000) as Promise<Case>;
    }

    async function complete(of: Case): Promise<void> {
      const { id } = referralOf(of, 'medical-care');
      await api.post(`/agencies/health/referrals/${id}/answers`, { status: 'accepted' });
      await api.post(`/agencies/health/referrals/${id}/answers`, { status: 'completed' });
      await when(of.id, 'medical-care', 'completed');
      await api.post(`/cases/${of.id}/referrals/${id}/confirmation`, {
        outcome: 'confirmed',
        by: 'the returnee',
        channel: 'telephone',
      });
      expect((await api.get<Case>(`/cases/${of.id}`)).status).toBe('completed');
    }

    const processOf = (name: string) => system.processes.find((process) => process.name === name)!;

    it(
      'a manifest through the one port becomes cases that are answered and completed',
      async () => {
        const cases = await arrive(3);
        expect(cases).toHaveLength(3);
        for (const one of cases) await complete(one);
      },
      SLOW,
    );

    it(
      'each process is ready, has its own figures, and the interface of all is described in one place',
      async () => {
        const { status, checks } = await eventually(
          () => api.get<{ status: string; checks: { process: string; ok: boolean }[] }>('/readyz'),
          30_000,
        );
        expect([status, checks.map((check) => check.process)]).toEqual([
          'ok',
          system.processes.map((p) => p.name),
        ]);
        const all = system.processes.length;
        expect(new Set(system.processes.map((p) => p.pid)).size).toBe(all);
        const metrics = (await (await fetch(`${system.url}/metrics`)).text()).split('\n');
        expect(metrics.filter((line) => line.startsWith('# TYPE retorno_outbox '))).toHaveLength(1);
        expect(metrics.filter((line) => line.startsWith('retorno_outbox{'))).toHaveLength(all);
        const { paths } = await api.get<{ paths: object }>('/docs-json');
        expect(Object.keys(paths)).toEqual(
          expect.arrayContaining([
            '/cases/{id}',
            '/intake/manifests',
            '/agencies/health/referrals',
            '/parked',
          ]),
        );
        expect(await api.get('/parked')).toEqual({ items: [], next: null });
        expect(await api.get('/parked/redrives')).toEqual({ items: [], next: null });
        await expect(api.post('/parked/1/skip', { reason: 'gone' })).rejects.toThrow('404');
        // Whichever process it is parked at is asked.
        await expect(api.post('/parked/redrives', { service: 'health' })).rejects.toThrow('409');
        await expect(api.post('/parked/redrives', { service: 'nobody' })).rejects.toThrow('404');
      },
      SLOW,
    );

    it(
      'each agency has heard how far the coordinator has read what it writes',
      async () => {
        const source = await new DataSource({
          type: 'postgres',
          url: database.url,
          poolSize: 1,
        }).initialize();
        const heardBy = async (service: string): Promise<string[]> =>
          (await source.query(`select distinct reader from ${service}.heard`)).map(
            ({ reader }: { reader: string }) => reader,
          );
        for (const { slug } of fewAgencies()) {
          await eventually(async () => (await heardBy(slug)).includes('coordinator'), 60_000);
        }
        await source.destroy();
      },
      SLOW,
    );

    it(
      'whoever follows the live view hears of every case, whichever process of the coordinator has it',
      async () => {
        const view = await followLive(system.url, await bearers('GET', '/live'));
        const ids = (await arrive(12)).map((one) => one.id);
        await view.until((events) => ids.every((id) => events.some((event) => event.data.caseId === id)));
        view.close();
      },
      SLOW,
    );

    it(
      'a process that is killed comes back by itself, and the story goes on',
      async () => {
        expect(said.filter((line) => line.includes(' ended '))).toEqual([]);
        const [before] = await arrive(1);
        for (const name of ['health', 'coordinator', 'intake']) {
          const { pid } = processOf(name);
          processOf(name).kill('SIGKILL');
          await eventually(() => said.includes(`${name} is back`), 60_000);
          expect(processOf(name).pid).not.toBe(pid);
        }
        await complete(before!);
        const [after] = await arrive(1);
        await complete(after!);
      },
      SLOW,
    );

    it(
      'a process more shares the work and leaves again',
      async () => {
        const added = await system.add('health');
        expect(added.name).toBe('health-2');
        await complete((await arrive(1))[0]!);
        await system.remove(added);
        expect(added.pid).toBeUndefined();
        await complete((await arrive(1))[0]!);
      },
      SLOW,
    );

    it(
      'SIGTERM ends every process with 0',
      async () => {
        const all = [...system.processes];
        await expect(system.stop()).resolves.toBeUndefined();
        expect(all.map((process) => process.pid)).toEqual(all.map(() => undefined));
      },
      SLOW,
    );

    it(
      'as `npm run start:services`: no process outlives a killed one that started it, and SIGTERM ends all with 0',
      async () => {
        const dataDir = await mkdtemp(join(tmpdir(), 'retorno-processes-'));
        const settings = {
          DATABASE_URL: database.url,
          KAFKA_BROKERS: kafka().brokers.join(','),
          DATA_DIR: dataDir,
          AGENCIES: 'health,identity',
        };
        // The references of this database were made with these.
        await writeFile(join(dataDir, 'secrets.json'), JSON.stringify(secrets));
        try {
          const first = await startMain(settings);
          const services = servicesWith(discoverAgencies().filter((a) => /^(health|identity)$/.test(a.slug)));
          expect(first.pids).toHaveLength(services.length);
          first.child.kill('SIGKILL');
          await eventually(() => first.pids.every((pid) => !isThere(pid)), 15_000);
          const second = await startMain(settings);
          second.child.kill('SIGTERM');
          const [code, signal] = (await once(second.child, 'exit')) as [number | null, string | null];
          expect([code, signal, second.said()]).toEqual([0, null, expect.any(String)]);
          expect(second.pids.filter(isThere)).toEqual([]);
        } finally {
          await rm(dataDir, { recursive: true, force: true });
        }
      },
      SLOW,
    );

    it('a port in use is named before anything is started', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const start = startProcesses({
        adminUrl: database.url,
        brokers: kafka().brokers,
        port,
        log: () => undefined,
      });
      await expect(start).rejects.toThrow(`Port ${port} is in use`);
      server.close();
    });
  },
  {},
);

interface Started {
  child: ChildProcess;
  pids: number[];
  /** All that it has printed. */
  said: () => string;
}

/** Starts the command on the database of the tests before it; resolves when it listens. */
async function startMain(settings: Record<string, string>): Promise<Started> {
  const main = join(BUILT, 'apps', 'local', 'processes', 'main.js');
  const env = { PATH: process.env['PATH'], PORT: '0', DEMO: 'off', SIMULATED_AGENCIES: 'none', ...settings };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece: Buffer) => (said += piece.toString()));
  }
  await eventually(() => said.includes('Listening on') || child.exitCode !== null, 100_000);
  if (child.exitCode !== null) throw new Error(`it ended: ${said}`);
  const pids = [...said.matchAll(/process (\d+)/g)].map((match) => Number(match[1]));
  return { child, pids, said: () => said };
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
