/** Events that nobody can handle. They are parked, listed, and hold up no stream but their own. */
import { randomUUID } from 'node:crypto';
import { requestsTopic, RETURNEES_TOPIC, type Envelope } from '@retorno/contracts';
import type { IHeaders } from 'kafkajs';
import { eventually } from '../../support/eventually';
import type { World } from '../world';
import { sendCopies } from './copies';
import type { Fault } from './fault';
import { write, writtenBy } from './log';

const BACK_MS = 60_000;

/** What /parked says of poison, and of nothing that a fault of broker, database or network may cause. */
export const POISON_CAUSE =
  /not a CloudEvents envelope|does not own this stream|unknown event type|data does not fit/;

/** Some event that intake wrote. */
async function someEvent(world: World): Promise<Envelope> {
  const [found] = await eventually(async () => {
    const where = `topic = '${RETURNEES_TOPIC}'`;
    const written = await writtenBy(world, 'intake', 1, { where, order: 'random()' });
    if (written.length === 0) throw new Error('intake has written nothing yet');
    return written;
  }, BACK_MS);
  return found!.envelope;
}

/** Intake writes an event after the others of a stream, as a newer or a broken version of it would. */
async function written(world: World, said: { type: string; data: object }): Promise<string> {
  const { partitionkey, time } = await someEvent(world);
  await write(world, 'intake', RETURNEES_TOPIC, partitionkey, { id: randomUUID(), time, ...said });
  world.poisoned += 1;
  return `within a stream of ${RETURNEES_TOPIC}`;
}

async function sent(world: World, topic: string, headers: IHeaders, value: string): Promise<void> {
  const brokers = [`127.0.0.1:${world.brokerLine.port}`];
  const message = { key: randomUUID(), value, headers };
  await eventually(() => sendCopies(brokers, [{ topic, message }]).then(() => true), BACK_MS);
  world.poisoned += 1;
}

export const poisonFaults: readonly Fault[] = [
  {
    kind: 'poison',
    to: 'broker',
    weight: 4,
    async inject(world, chance) {
      const agency = chance.pick(world.names.filter((name) => !['intake', 'coordinator'].includes(name)));
      const topic = chance.pick([RETURNEES_TOPIC, requestsTopic(agency)]);
      await sent(world, topic, { 'content-type': 'text/plain' }, `hello ${randomUUID()}`);
      return `a message that is no CloudEvent on ${topic}`;
    },
  },
  {
    kind: 'poison',
    to: 'broker',
    weight: 4,
    async inject(world) {
      const { data, datacontenttype, ...attributes } = await someEvent(world);
      const headers: IHeaders = { 'content-type': datacontenttype };
      const forged = { ...attributes, id: randomUUID(), source: '/retorno/health' };
      for (const [name, value] of Object.entries(forged)) headers[`ce_${name}`] = String(value);
      await sent(world, RETURNEES_TOPIC, headers, JSON.stringify(data));
      return `an event of health on ${RETURNEES_TOPIC}, which is intake's`;
    },
  },
  {
    kind: 'poison',
    to: 'database',
    weight: 4,
    async inject(world) {
      const where = await written(world, { type: 'retorno.returnee-changed.v99', data: {} });
      return `an event of an unknown version ${where}`;
    },
  },
  {
    kind: 'poison',
    to: 'database',
    weight: 4,
    async inject(world) {
      const where = await written(world, {
        type: 'retorno.returnee-changed.v2',
        data: { nothing: 1 },
      });
      return `an event whose data does not fit ${where}`;
    },
  },
];
