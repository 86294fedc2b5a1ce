/**
 * Restate: a workflow for each case, a service for each agency, each call durable in Restate's log. Its server is a
 * process of its own; handlers run here.
 */
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { AGENCIES, CLOSE, COMPLETE_REFERRALS, OPEN } from './work.mjs';

// The SDK takes for granted what is new in Node 22.
Promise.withResolvers ??= function withResolvers() {
  const parts = /** @type {any} */ ({});
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};
const restate = await import('@restatedev/restate-sdk');
const require = createRequire(import.meta.url);

/**
 * Settings of the server that are not its defaults. Its log is flushed before an answer (rocksdb-disable-wal-fsync is
 * false). 24 partitions are for a cluster and took half as much CPU again on 2 cores; between 1 and 4 there was no clear difference.
 */
const SETTINGS = {
  RESTATE_DEFAULT_NUM_PARTITIONS: '4',
  RESTATE_DISABLE_TELEMETRY: 'true',
  RESTATE_LOG_FILTER: 'error',
  RESTATE_LISTEN_MODE: 'tcp',
  RESTATE_BIND_IP: '127.0.0.1',
};

/**
 * Handlers write the cases to PostgreSQL, or keep each as state of its workflow.
 *
 * @param {import('./run-peer.mjs').Host} host
 * @param {{ cases: 'in PostgreSQL' | 'in its own state' }} shape
 * @returns {Promise<import('./run-peer.mjs').Engine>}
 */
export async function start({ url, folder, done, failed }, { cases }) {
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  pool.on('error', failed);
  const services = cases === 'in PostgreSQL' ? inTables(pool) : inState();
  const endpoint = createHttp2(restate.createEndpointHandler({ services, logger: () => undefined }));
  await new Promise((resolve) => endpoint.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (endpoint.address());
  const server = await startServer(folder);
  await post(`${server.admin}/deployments`, { uri: `http://127.0.0.1:${port}` });

  const agent = new Agent({ keepAlive: true });
  const one = async (/** @type {number} */ id) => {
    await call(agent, server.ingress, `/case/${id}/run`);
    done(id);
  };
  return {
    pids: [server.pid],
    begin: async (ids) => void (await Promise.all(ids.map(one))),
    flushes: () => flushesOf(server.metrics),
    ...(cases === 'in PostgreSQL' ? {} : { verify: (count) => verifyState(server.admin, count) }),
    stop: async () => {
      agent.destroy();
      await server.stop();
      endpoint.close();
      await pool.end();
    },
  };
}

/**
 * @typedef {import('@restatedev/restate-sdk').WorkflowContext} WorkflowContext
 * @typedef {{ agency: number, status: string }} Answer
 */

/**
 * Each write is idempotent: Restate and PostgreSQL have no transaction in common, and a handler that is run again after a
 * crash finds its write done. An agency's answer is noted by Restate as the end of its handler, without a step of its own.
 * @param {pg.Pool} pool
 */
function inTables(pool) {
  const write = async (
    /** @type {string} */ name,
    /** @type {string} */ text,
    /** @type {unknown[]} */ values,
  ) => {
    await pool.query({ name, text, values });
  };
  return [
    ...AGENCIES.map((agency) =>
      restate.service({
        name: `agency-${agency}`,
        handlers: {
          answer: async (/** @type {unknown} */ _ctx, /** @type {number} */ id) => {
            await write('answer', COMPLETE_REFERRALS, [agency, [id]]);
            return { agency, status: 'completed' };
          },
        },
      }),
    ),
    restate.workflow({
      name: 'case',
      handlers: {
        run: async (/** @type {WorkflowContext} */ ctx) => {
          const id = Number(ctx.key);
          await ctx.run('open', () => write('open', OPEN, [[id]]));
          await refer(ctx, 1, id);
          await restate.RestatePromise.all(AGENCIES.slice(1).map((agency) => refer(ctx, agency, id)));
          await ctx.run('close', () => write('close', CLOSE, [[id]]));
        },
      },
    }),
  ];
}

/** The case, its referrals and its audit are state of the workflow, written at every step. */
function inState() {
  return [
    ...AGENCIES.map((agency) =>
      restate.service({
        name: `agency-${agency}`,
        handlers: { answer: async () => ({ agency, status: 'completed' }) },
      }),
    ),
    restate.workflow({
      name: 'case',
      handlers: {
        run: async (/** @type {WorkflowContext} */ ctx) => {
          const id = Number(ctx.key);
          /** @type {{ status: string, audit: string[], referrals: object[] }} */
          const file = { status: 'open', audit: ['opened'], referrals: [] };
          ctx.set('file', file);
          const answered = (/** @type {Answer} */ answer) => {
            file.referrals.push(answer);
            file.audit.push(`${answer.agency} ${answer.status}`);
            ctx.set('file', file);
          };
          answered(await refer(ctx, 1, id));
          for (const answer of AGENCIES.slice(1).map((agency) => refer(ctx, agency, id)))
            answered(await answer);
          file.status = 'completed';
          file.audit.push('closed');
          ctx.set('file', file);
        },
      },
    }),
  ];
}

/**
 * A durable call of an agency.
 * @param {WorkflowContext} ctx
 * @param {number} agency
 * @param {number} id
 * @returns {import('@restatedev/restate-sdk').RestatePromise<Answer>}
 */
function refer(ctx, agency, id) {
  const client = /** @type {any} */ (ctx.serviceClient({ name: `agency-${agency}` }));
  return client.answer(id);
}

/** The server with its data in `folder`; ready when it resolves. */
async function startServer(/** @type {string} */ folder) {
  const packageFile = `@restatedev/restate-server-${process.platform}-${process.arch}/package.json`;
  const program = join(dirname(require.resolve(packageFile)), 'bin', 'restate-server');
  const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
  const log = openSync(join(folder, 'restate.log'), 'a');
  const child = spawn(program, ['--base-dir', join(folder, 'restate')], {
    env: {
      ...process.env,
      ...SETTINGS,
      RESTATE_BIND_PORT: String(node),
      RESTATE_INGRESS__BIND_PORT: String(ingress),
      RESTATE_ADMIN__BIND_PORT: String(admin),
    },
    stdio: ['ignore', log, log],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const server = {
    pid: child.pid ?? 0,
    ingress,
    admin: `http://127.0.0.1:${admin}`,
    metrics: `http://127.0.0.1:${node}/metrics`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
  for (let tries = 0; ; tries++) {
    const up = await fetch(`${server.admin}/health`).then(
      (r) => r.ok,
      () => false,
    );
    if (up) return server;
    if (tries > 300 || child.exitCode !== null)
      throw new Error(`restate-server does not answer: ${folder}/restate.log`);
    await pause(100);
  }
}

/**
 * @param {string} address
 * @param {object} body
 * @returns {Promise<any>}
 */
async function post(address, body) {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${address} answers ${response.status}: ${await response.text()}`);
  return response.json();
}

/**
 * One call through the ingress, over connections that stay open.
 * @param {Agent} agent
 * @param {number} port
 * @param {string} path
 */
function call(agent, port, path) {
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST' }, (response) => {
      response.resume();
      response.once('end', () =>
        response.statusCode === 200
          ? resolve(undefined)
          : reject(new Error(`${path} answers ${response.statusCode}`)),
      );
    });
    sent.once('error', reject);
    sent.end();
  });
}

async function verifyState(/** @type {string} */ admin, /** @type {number} */ cases) {
  const query = "select value_utf8 from state where service_name = 'case' and key = 'file'";
  const { rows } = await post(`${admin}/query`, { query });
  if (rows.length !== cases) throw new Error(`there are ${rows.length} cases of ${cases}`);
  for (const { value_utf8: text } of rows) {
    const { status, audit, referrals } = JSON.parse(text);
    const agencies = new Set(referrals.map((/** @type {Answer} */ r) => r.agency));
    const right =
      status === 'completed' &&
      audit.length === 10 &&
      referrals.length === 8 &&
      agencies.size === 8 &&
      referrals[0].agency === 1;
    if (!right) throw new Error(`a case is not as it should be: ${text}`);
  }
}

/** Flushes of the write-ahead logs of the server, by its own metrics. */
async function flushesOf(/** @type {string} */ address) {
  const text = await (await fetch(address)).text();
  const lines = text.split('\n').filter((line) => line.startsWith('restate_rocksdb_wal_synced_total'));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** A TCP port of the loopback address that nobody uses now. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}
