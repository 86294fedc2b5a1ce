/** Deliveries that come twice, late, or in the wrong order. */
import { randomBytes } from 'node:crypto';
import { KafkaTransport } from '@retorno/messaging';
import { eventually } from '../../support/eventually';
import type { Chance } from '../../support/random';
import type { World } from '../world';
import { copiesFrom, sendCopies } from './copies';
import type { Fault } from './fault';
import { backInOutbox, writtenBy } from './log';

/** Longest wait for broker and database to be there for us, ms. */
const BACK_MS = 60_000;
const COUNT = 150;

function shuffled<T>(list: readonly T[], chance: Chance): T[] {
  return list
    .map((item) => ({ item, at: chance.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Publishes the newest events of a service in any order: many before the ones they follow, and before the relay does. */
async function ahead(world: World, chance: Chance): Promise<string> {
  const service = chance.pick(world.names);
  const transport = new KafkaTransport({
    brokers: [`127.0.0.1:${world.brokerLine.port}`],
    clientId: `ahead-${randomBytes(4).toString('hex')}`,
  });
  await transport.start();
  try {
    const records = await writtenBy(world, service, COUNT, { order: 'at desc' });
    const mixed = shuffled(records, chance);
    await eventually(() => transport.publish(mixed).then(() => true), BACK_MS);
    return `the ${records.length} newest events of ${service} published in any order, beside its relay`;
  } finally {
    await transport.stop();
  }
}

export const deliveryFaults: readonly Fault[] = [
  {
    kind: 'deliveries',
    to: 'broker',
    weight: 8,
    async inject(world, chance) {
      const brokers = [`127.0.0.1:${world.brokerLine.port}`];
      const copies = await eventually(() => copiesFrom(brokers, COUNT, chance), BACK_MS);
      const mixed = shuffled(copies, chance);
      await eventually(() => sendCopies(brokers, mixed).then(() => true), BACK_MS);
      return `${copies.length} messages of any age read from the topics and sent again, shuffled`;
    },
  },
  { kind: 'deliveries', to: 'broker', weight: 8, inject: ahead },
  {
    kind: 'deliveries',
    to: 'broker',
    weight: 8,
    async inject(world, chance) {
      const service = chance.pick(world.names);
      const count = await backInOutbox(world, service, COUNT);
      return `${count} sent events of ${service} back in its outbox, as after a crash before the acknowledgement`;
    },
  },
];
