/**
 * DBOS: a workflow for each case, a child workflow for each referral, and transactions through its PostgreSQL data source,
 * which commits a step's rows together with the note that the step is done.
 */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { PostgresDataSource } from '@dbos-inc/postgres-datasource';
import { AGENCIES, CLOSE, COMPLETE_REFERRALS, OPEN } from './work.mjs';

/** How often a queue is looked at, ms. DBOS takes a second if not told. */
const QUEUE_POLL_MS = 100;
/** How often the result of a queued workflow is looked for, ms. DBOS takes a second if not told. */
const RESULT_POLL_MS = 250;

/**
 * `referrals`: child workflows are started in this process at once; or queued, a queue for each agency.
 *
 * @param {import('./run-peer.mjs').Host} host
 * @param {{ referrals: 'started' | 'queued' }} shape
 * @returns {Promise<import('./run-peer.mjs').Engine>}
 */
export async function start({ url, done }, { referrals }) {
  const queued = referrals === 'queued';
  DBOS.setConfig({
    name: 'peer',
    systemDatabaseUrl: url,
    systemDatabasePoolSize: 20,
    logLevel: 'error',
    runAdminServer: false,
    tracingEnabled: false,
  });
  const source = new PostgresDataSource('app', { ...connectionOf(url), max: 10, onnotice: () => undefined });

  /**
   * A step that is one statement.
   * @param {string} name
   * @param {string} statement
   */
  const transaction = (name, statement) =>
    source.registerTransaction(
      async (/** @type {any[]} */ ...values) => {
        await PostgresDataSource.client.unsafe(statement, values, { prepare: true });
      },
      { name },
    );
  const openCases = transaction('open', OPEN);
  const completeReferrals = transaction('complete', COMPLETE_REFERRALS);
  const closeCases = transaction('close', CLOSE);

  const agencies = AGENCIES.map((agency) =>
    DBOS.registerWorkflow((/** @type {number} */ id) => completeReferrals(agency, [id]), {
      name: queueOf(agency),
    }),
  );
  /** @type {(agency: number, id: number) => Promise<import('@dbos-inc/dbos-sdk').WorkflowHandle<void>>} */
  const refer = (agency, id) => {
    const workflow = agencies[agency - 1];
    if (!workflow) throw new Error(`there is no agency ${agency}`);
    return DBOS.startWorkflow(workflow, queued ? { queueName: queueOf(agency) } : {})(id);
  };
  const runCase = DBOS.registerWorkflow(
    async (/** @type {number} */ id) => {
      const wait = queued ? { pollingIntervalMs: RESULT_POLL_MS } : undefined;
      await openCases([id]);
      await (await refer(1, id)).getResult(wait);
      const others = [];
      for (const agency of AGENCIES.slice(1)) others.push(await refer(agency, id));
      for (const other of others) await other.getResult(wait);
      await closeCases([id]);
    },
    { name: 'case' },
  );

  await DBOS.launch();
  if (queued)
    for (const agency of AGENCIES)
      await DBOS.registerQueue(queueOf(agency), { minPollingIntervalMs: QUEUE_POLL_MS });

  const one = async (/** @type {number} */ id) => {
    const handle = await DBOS.startWorkflow(runCase, { workflowID: `case-${id}` })(id);
    await handle.getResult();
    done(id);
  };
  return {
    begin: async (ids) => void (await Promise.all(ids.map(one))),
    stop: () => DBOS.shutdown(),
  };
}

const queueOf = (/** @type {number} */ agency) => `agency-${agency}`;

/** An address as options of postgres.js. */
function connectionOf(/** @type {string} */ url) {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port),
    user: username,
    pass: password,
    database: pathname.slice(1),
  };
}
