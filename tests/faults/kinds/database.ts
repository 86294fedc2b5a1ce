/** Faults of the database: killed, slow to commit, or refusing what is written. */
import { setTimeout as pause } from 'node:timers/promises';
import type { World } from '../world';
import type { Fault } from './fault';

/** Tables that every service writes to. */
const TABLES = ['stream_cursor', 'stream_head', 'event', 'outbox', 'lease'];

function roleOf(service: string): string {
  return `retorno_${service.replaceAll('-', '_')}`;
}

async function endConnections(world: World, service: string): Promise<number> {
  const ended = await world.database.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1',
    [roleOf(service)],
  );
  return ended.length;
}

export const databaseFaults: readonly Fault[] = [
  ...(['SIGQUIT', 'SIGKILL'] as const).map((signal): Fault => ({
    kind: 'database',
    to: 'database',
    weight: 8,
    async inject(world, chance) {
      await world.database.kill(signal);
      await pause(chance.below(1_500));
      await world.restartDatabase();
      return `${signal === 'SIGQUIT' ? 'immediate-mode restart' : 'SIGKILL and restart'} of the database`;
    },
  })),
  {
    kind: 'slow',
    to: 'database',
    weight: 7,
    async inject(world, chance) {
      const service = chance.pick(world.names);
      const table = chance.pick(TABLES);
      const ms = 1_500 + chance.below(3_500);
      const session = await world.database.session();
      try {
        await session.query(`begin; lock table "${service}".${table} in exclusive mode`);
        await pause(ms);
      } finally {
        await session.end().catch(() => undefined);
      }
      return `${service}.${table} locked by another session for ${ms} ms`;
    },
  },
  {
    kind: 'slow',
    to: 'database',
    weight: 7,
    async inject(world, chance) {
      const ms = 40 + chance.below(60);
      await world.database.query(`alter system set commit_delay = ${ms * 1000}`);
      await world.database.query('alter system set commit_siblings = 0');
      await world.database.query('select pg_reload_conf()');
      await pause(3_000 + chance.below(3_000));
      await world.database.query('alter system reset commit_delay');
      await world.database.query('alter system reset commit_siblings');
      await world.database.query('select pg_reload_conf()');
      return `every commit of every service takes ${ms} ms longer`;
    },
  },
  {
    kind: 'refused',
    to: 'database',
    weight: 6,
    async inject(world, chance) {
      const service = chance.pick(world.names);
      const ms = 2_000 + chance.below(3_000);
      await world.database.query(
        `create or replace function public.disk_is_full() returns trigger language plpgsql as
         $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`,
      );
      for (const table of ['event', 'stream_cursor', 'held', 'parked']) {
        await world.database.query(
          `create trigger disk_is_full before insert or update on "${service}".${table}
           for each statement execute function public.disk_is_full()`,
        );
      }
      await pause(ms);
      for (const table of ['event', 'stream_cursor', 'held', 'parked']) {
        await world.database.query(`drop trigger disk_is_full on "${service}".${table}`);
      }
      return `disk full (53100) for every write of ${service} for ${ms} ms`;
    },
  },
  {
    kind: 'refused',
    to: 'database',
    weight: 5,
    async inject(world, chance) {
      const service = chance.pick(world.names);
      const ms = 2_000 + chance.below(3_000);
      await world.database.query(`alter role ${roleOf(service)} set default_transaction_read_only = on`);
      const ended = await endConnections(world, service);
      await pause(ms);
      await world.database.query(`alter role ${roleOf(service)} reset default_transaction_read_only`);
      await endConnections(world, service);
      return `database read-only (25006) for ${service} for ${ms} ms, ${ended} connections ended`;
    },
  },
];
