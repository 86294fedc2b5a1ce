/** Parked messages for looking at: requests that health has handled stand still there as if it had not. */
import { eventually } from './eventually';
import type { System } from './system';

/** What is shown of them. */
export interface ParkedForShow {
  /** Id of a parked message at health, and of a redrive that has ended. */
  readonly message: string;
  readonly redrive: string;
}

const CAUSE = 'PolicyFailed: The policy of health failed (requested): TypeError at register.ts:12';

/** Parks three streams; one more was parked and is redriven. */
export async function parkForShow(system: System): Promise<ParkedForShow> {
  await park(system, 1, 'Error: mended');
  const { body } = await system.call('POST', '/parked/redrives', { service: 'health' });
  await eventually(async () => (await system.get(`/parked/redrives/${body.id}`)).state === 'done');
  await park(system, 3, CAUSE);
  const [{ id: message }] = await system.all('/parked');
  const note = 'pregunté a la sede';
  await system.call('POST', `/parked/${message}/claim`, { note, by: 'Ana Paredes' });
  return { message, redrive: body.id };
}

/** They are dropped as what was handled before: a system is only stopped when nothing stands still. */
export async function redriveAll(system: System): Promise<void> {
  for (const { id } of await system.all('/parked')) await system.call('POST', `/parked/${id}/redrive`);
}

async function park(system: System, streams: number, cause: string): Promise<void> {
  const of = (service: string) => system.topology.services.find(({ name }) => name === service)!;
  const requests: object[] = await of('coordinator').messaging.dataSource.query(
    `select distinct on (key) topic, key, key_seq, envelope from event_log
     where topic = 'referrals.health.requests.v1' order by key, key_seq limit $1`,
    [streams],
  );
  await of('health').messaging.dataSource.query(
    `insert into parked (consumer, topic, key, key_seq, envelope, parked_at, cause, attempts)
     select 'health', topic, key, key_seq, envelope, $2, $3, 4
     from json_to_recordset($1) as x(topic text, key text, key_seq bigint, envelope text)`,
    [JSON.stringify(requests), system.clock.now().toISOString(), cause],
  );
}
