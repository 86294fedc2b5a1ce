/** Faults of service processes: killed, stopped for a while, joined and left by others, with a clock that is wrong. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceProcess } from '../../../apps/local/processes/service-process';
import { eventually } from '../../support/eventually';
import type { Chance } from '../../support/random';
import type { World } from '../world';
import type { Fault } from './fault';

/** Longest wait for a process that was killed, ms. */
const BACK_MS = 60_000;
const MINUTE = 60_000;
const CLOCK_STEPS = [-60 * MINUTE, -MINUTE, 2 * MINUTE, 60 * MINUTE, 26 * 60 * MINUTE];

/** Stops one process for at least so many ms, and up to so many more, and lets it go on. */
async function stalled(
  world: World,
  chance: Chance,
  [least, more]: readonly [number, number],
  than: string,
): Promise<string> {
  const one = await anyProcess(world, chance);
  const ms = least + chance.below(more);
  one.kill('SIGSTOP');
  await pause(ms);
  one.kill('SIGCONT');
  return `SIGSTOP of ${one.name} for ${ms} ms, ${than}`;
}

/** A process that answers; every service is as likely as another. */
async function anyProcess(world: World, chance: Chance): Promise<ServiceProcess> {
  await eventually(() => world.running().length > 0, BACK_MS);
  const running = world.running();
  const service = chance.pick([...new Set(running.map((one) => one.service))]);
  return chance.pick(running.filter((one) => one.service === service));
}

/** One more process of a service. While broker or database are down a first start fails; it is then tried again. */
async function joined(world: World, service: string): Promise<ServiceProcess> {
  const before = new Set(world.services.processes);
  return eventually(async () => {
    try {
      return await world.services.add(service);
    } catch (error) {
      const failed = world.services.processes.find((one) => one.service === service && !before.has(one));
      if (failed) await world.services.remove(failed);
      throw error;
    }
  }, BACK_MS);
}

export const processFaults: readonly Fault[] = [
  {
    kind: 'kill',
    to: 'processes',
    weight: 52,
    async inject(world, chance) {
      const one = await anyProcess(world, chance);
      one.kill('SIGKILL');
      return `SIGKILL of ${one.name}, its relay and its consumer`;
    },
  },
  {
    // All of a service at once: nobody is left to take over.
    kind: 'kill',
    to: 'processes',
    weight: 8,
    async inject(world, chance) {
      const { service } = await anyProcess(world, chance);
      const all = world.running(service);
      for (const one of all) one.kill('SIGKILL');
      return `SIGKILL of all ${all.length} processes of ${service}`;
    },
  },
  {
    kind: 'stall',
    to: 'processes',
    weight: 10,
    inject: (world, chance) =>
      stalled(world, chance, [11_500, 3_500], 'longer than session (10 s) and lease (4 s)'),
  },
  {
    // Within the session, beyond the lease: it goes on sending what another has sent meanwhile.
    kind: 'stall',
    to: 'processes',
    weight: 4,
    inject: (world, chance) => stalled(world, chance, [4_200, 1_500], 'longer than the lease (4 s)'),
  },
  {
    kind: 'rebalance',
    to: 'processes',
    weight: 12,
    async inject(world, chance) {
      const service = chance.pick(world.names);
      const added = await joined(world, service);
      await pause(chance.below(1_500));
      await world.services.remove(added);
      return `${added.name} joined ${service} and left again in order`;
    },
  },
  {
    kind: 'rebalance',
    to: 'processes',
    weight: 4,
    async inject(world, chance) {
      const service = chance.pick(world.names);
      const added = await joined(world, service);
      await pause(chance.below(1_000));
      added.kill('SIGKILL');
      await world.services.remove(added);
      return `${added.name} joined ${service} and was killed`;
    },
  },
  {
    kind: 'clock',
    to: 'processes',
    weight: 12,
    async inject(world, chance) {
      const one = await anyProcess(world, chance);
      const ms = chance.pick(CLOCK_STEPS);
      await world.stepClock(one, ms);
      await pause(2_000 + chance.below(4_000));
      await world.stepClock(one, 0);
      return `wall clock of ${one.name} stepped by ${ms / MINUTE} min and back`;
    },
  },
];
