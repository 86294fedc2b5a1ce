/**
 * pg-boss, batched by hand: a worker fetches a batch of jobs, does the work, inserts the jobs that follow and completes
 * the batch, all in one transaction. A batch that fails is back in its queue at once.
 */
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { AGENCIES, COMPLETE_REFERRALS, COUNT_DOWN, OPEN, REPORT } from './work.mjs';

/** Jobs of one batch. */
const BATCH = 500;
/** Pause of a worker that found less than a full batch, ms: batches grow meanwhile. */
const POLL_MS = 10;

/**
 * `queues`: one for each agency with a worker each; or one for all agencies, with one worker.
 * `answers`: with 0, agencies write the case themselves and ask for what follows (8 jobs a case). Otherwise each answers so
 * often into a queue, and a coordinator's worker, who alone touches cases, does so (16 or 32 jobs a case).
 *
 * @param {import('./run-peer.mjs').Host} host
 * @param {{ queues: 'each' | 'one', answers: 0 | 1 | 3 }} shape
 * @returns {Promise<import('./run-peer.mjs').Engine>}
 */
export async function start({ url, done, failed }, { queues, answers }) {
  const pool = new pg.Pool({ connectionString: url, max: 12 });
  pool.on('error', failed);
  const boss = new PgBoss({ connectionString: url, max: 2, schedule: false });
  boss.on('error', failed);
  await boss.start();
  const queueOf = (/** @type {number} */ agency) => (queues === 'one' ? 'agencies' : `agency-${agency}`);
  const requests = [...new Set(AGENCIES.map(queueOf))];
  for (const queue of [...requests, 'answers']) await boss.createQueue(queue);
  let stopping = false;

  /**
   * Asks an agency about cases.
   * @param {Transaction} tx
   * @param {number} agency
   * @param {number[]} ids
   */
  const refer = ({ db }, agency, ids) =>
    boss.insert(queueOf(agency), jobsOf(agency, ids, ['requested']), { db });

  /**
   * What follows when agencies have answered; the cases completed.
   * @param {Transaction} tx
   * @param {Answer[]} reported
   * @returns {Promise<number[]>}
   */
  async function settle(tx, reported) {
    const reports = reported.filter(isReport);
    if (reports.length > 0) {
      const columns = [reports.map((r) => r.id), reports.map((r) => r.agency), reports.map((r) => r.status)];
      await tx.client.query(REPORT, columns);
    }
    const answered = reported.filter((answer) => !isReport(answer));
    if (answered.length === 0) return [];
    const firsts = answered.filter(({ agency }) => agency === 1).map(({ id }) => id);
    if (firsts.length > 0) for (const agency of AGENCIES.slice(1)) await refer(tx, agency, firsts);
    // Last, because it locks the cases until the commit.
    const { rows } = await tx.client.query(COUNT_DOWN, [answered.map(({ id }) => id)]);
    return rows.map((row) => Number(row.id));
  }

  /** @type {Handler} */
  async function answerRequests(tx, requested) {
    for (const agency of new Set(requested.map((job) => job.agency))) {
      const ids = requested.filter((job) => job.agency === agency).map(({ id }) => id);
      await tx.client.query(COMPLETE_REFERRALS, [agency, ids]);
      if (answers > 0)
        await boss.insert('answers', jobsOf(agency, ids, STATUSES.slice(-answers)), { db: tx.db });
    }
    return answers > 0 ? [] : settle(tx, requested);
  }

  /**
   * Works on a queue a batch at a time.
   * @param {string} queue
   * @param {Handler} handle
   */
  async function work(queue, handle) {
    while (!stopping) {
      const { count, completed } = await inTransaction(pool, async (tx) => {
        /** @type {import('pg-boss').Job<Answer>[]} */
        const jobs = await boss.fetch(queue, { batchSize: BATCH, db: tx.db });
        if (jobs.length === 0) return { count: 0, completed: [] };
        const ids = jobs.map((job) => job.id);
        await boss.complete(queue, ids, undefined, { db: tx.db });
        return {
          count: jobs.length,
          completed: await handle(
            tx,
            jobs.map((job) => job.data),
          ),
        };
      });
      for (const id of completed) done(id);
      if (count < BATCH) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  const workers = requests.map((queue) => work(queue, answerRequests));
  if (answers > 0) workers.push(work('answers', settle));
  for (const worker of workers) worker.catch(failed);

  return {
    reports: Math.max(0, answers - 1),
    begin: (ids) =>
      inTransaction(pool, async (tx) => {
        await tx.client.query(OPEN, [ids]);
        await refer(tx, 1, ids);
      }),
    stop: async () => {
      stopping = true;
      await Promise.allSettled(workers);
      await boss.stop({ graceful: false });
      await pool.end();
    },
  };
}

/**
 * @typedef {{ id: number, agency: number, status: string }} Answer about a case's referral; a request is one as well
 * @typedef {{ client: pg.PoolClient, db: NonNullable<import('pg-boss').ConnectionOptions['db']> }} Transaction one connection, as pg and as pg-boss see it
 * @typedef {(tx: Transaction, jobs: Answer[]) => Promise<number[]>} Handler the cases completed
 */

/** What an agency reports of a referral, in this order. */
const STATUSES = ['received', 'accepted', 'completed'];

/** Whether it is on the way only: the referral is not done by it. */
const isReport = (/** @type {Answer} */ { status }) => status === 'received' || status === 'accepted';

/**
 * @param {number} agency
 * @param {number[]} ids
 * @param {string[]} statuses
 */
function jobsOf(agency, ids, statuses) {
  return ids.flatMap((id) => statuses.map((status) => ({ data: { id, agency, status } })));
}

/**
 * @template T
 * @param {pg.Pool} pool
 * @param {(tx: Transaction) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function inTransaction(pool, work) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work({ client, db: { executeSql: (text, values) => client.query(text, values) } });
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
