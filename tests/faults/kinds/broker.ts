/** Faults of the broker itself. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault';

const LONG_MS = 30_000;

export const brokerFaults: readonly Fault[] = [
  {
    kind: 'broker',
    to: 'broker',
    weight: 7,
    async inject(world, chance) {
      await world.broker.kill();
      const ms = chance.below(2_000);
      await pause(ms);
      await world.restartBroker();
      return `SIGKILL of the broker, started again after ${ms} ms`;
    },
  },
  {
    kind: 'broker',
    to: 'broker',
    weight: 1,
    long: true,
    async inject(world) {
      await world.broker.kill();
      await pause(LONG_MS);
      await world.restartBroker();
      return `SIGKILL of the broker, down for ${LONG_MS / 1000} s`;
    },
  },
];
