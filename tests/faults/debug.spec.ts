import { createLogger } from '@retorno/service';
import { Client } from 'pg';
import { startTopology } from '../../apps/local/topology';
import { startPostgres } from '../support/postgres';
import { benchAgencies } from '../../bench/fixtures';
import { EmbeddedTransport, Messaging } from '@retorno/messaging';
const orig = EmbeddedTransport.prototype.publish; EmbeddedTransport.prototype.publish = async function (r) { console.log('publish', r.length); try { const x = await orig.call(this, r); console.log('ok'); return x; } catch (e) { console.log('failed', e); throw e; } };
it('x', async () => {
  const o = await startPostgres();
  const t = startTopology({ adminUrl: o.url, databasePassword: 'checker', pairwiseKey: '5e'.repeat(32), agencies: benchAgencies().slice(0,2), port: 0, logger: createLogger('checker', 'info') });
  await Promise.race([t, new Promise(r => setTimeout(r, 15000))]);
  const c = new Client({ connectionString: o.url }); await c.connect();
  for (const s of ['coordinator','"bench-1"']) for (const q of ['parked','outbox','stream_head','stream_cursor','catalogue','lease'])
    console.log(s, q, (await c.query(`select * from ${s}.${q}`)).rows);
  await c.end();
  await t.then(x => x.stop(), e => console.log(e));
  await o.stop();
}, 100000);
