/** Faults of the network: between the services and the broker, and between the services and the database. */
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/eventually';
import type { Chance } from '../../support/random';
import type { Disturbance, TcpProxy, Way } from '../proxy';
import type { World } from '../world';
import type { Fault } from './fault';

interface Line {
  to: 'broker' | 'database';
  lineOf(world: World): TcpProxy;
  /** What a service's connections say first. */
  nameOf(service: string): string;
}

const LINES: readonly Line[] = [
  { to: 'broker', lineOf: (world) => world.brokerLine, nameOf: (service) => `retorno-${service}` },
  {
    to: 'database',
    lineOf: (world) => world.databaseLine,
    nameOf: (service) => `retorno_${service.replaceAll('-', '_')}`,
  },
];

/** Longest wait for connections that a fault before has ended, ms. */
const BACK_MS = 30_000;

/** The line, once those who are to be disturbed are connected; a line that nobody uses is disturbed as well. */
async function inUse(world: World, line: Line, only: string | undefined): Promise<TcpProxy> {
  const proxy = line.lineOf(world);
  await eventually(() => proxy.connections(only) > 0, BACK_MS).catch(() => undefined);
  return proxy;
}

/** Half of the times one service only, half of the times all. */
function whom(world: World, chance: Chance): string | undefined {
  return chance.happens(0.5) ? chance.pick(world.names) : undefined;
}

async function disturbed(
  world: World,
  line: Line,
  service: string | undefined,
  disturbance: Disturbance,
  ms: number,
  forGood = false,
): Promise<string> {
  const only = service === undefined ? {} : { only: line.nameOf(service) };
  const proxy = await inUse(world, line, only.only);
  const connections = proxy.connections(only.only);
  const end = proxy.disturb({ ...disturbance, ...only }, forGood);
  await pause(ms);
  end();
  return `${connections} connections of ${service ?? 'all services'} to the ${line.to} for ${ms} ms`;
}

function faultsOf(line: Line): Fault[] {
  const fault = (weight: number, inject: Fault['inject']): Fault => ({
    kind: 'line',
    to: line.to,
    weight,
    inject,
  });
  return [
    fault(4, async (world, chance) => {
      const latencyMs = 50 + chance.below(line.to === 'broker' ? 400 : 60);
      const on = await disturbed(
        world,
        line,
        whom(world, chance),
        { latencyMs },
        3_000 + chance.below(3_000),
      );
      return `latency of ${latencyMs} ms a piece: ${on}`;
    }),
    fault(4, async (world, chance) => {
      const service = whom(world, chance);
      const only = service === undefined ? undefined : line.nameOf(service);
      const cut = (await inUse(world, line, only)).reset(only);
      return `reset of ${cut} connections of ${service ?? 'all services'} to the ${line.to}`;
    }),
    fault(3, async (world, chance) => {
      const proxy = await inUse(world, line, undefined);
      const ms = 2_000 + chance.below(3_000);
      const end = proxy.disturb({ refuses: true });
      const cut = proxy.reset();
      await pause(ms);
      end();
      return `${cut} connections to the ${line.to} reset, and new ones refused for ${ms} ms`;
    }),
    fault(3, async (world, chance) => {
      const bytesPerSecond = 2_000 + chance.below(8_000);
      const ms = 3_000 + chance.below(3_000);
      const on = await disturbed(world, line, whom(world, chance), { bytesPerSecond }, ms);
      return `${bytesPerSecond} bytes a second: ${on}`;
    }),
    fault(4, async (world, chance) => {
      const swallows = chance.pick<readonly Way[]>([['up'], ['down'], ['up', 'down']]);
      const ms = 4_000 + chance.below(9_000);
      const on = await disturbed(world, line, whom(world, chance), { swallows }, ms);
      return `half-open, what goes ${swallows.join(' and ')} vanishes, reset afterwards: ${on}`;
    }),
    fault(2, async (world, chance) => {
      const swallows = chance.pick<readonly Way[]>([['up'], ['down'], ['up', 'down']]);
      const ms = 1_000 + chance.below(3_000);
      const on = await disturbed(world, line, chance.pick(world.names), { swallows }, ms, true);
      return `half-open for good, what goes ${swallows.join(' and ')} vanishes, never reset: ${on}`;
    }),
  ];
}

export const lineFaults: readonly Fault[] = LINES.flatMap(faultsOf);
