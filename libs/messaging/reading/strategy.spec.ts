import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, Payload, type MicroserviceOptions } from '@nestjs/microservices';
import { eventually } from '../../../tests/support/eventually';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { ManualClock } from '../clock';
import { UnfitEvent } from '../parking/unfit-event';
import { Messaging } from '../messaging';
import { MessagingStrategy } from './strategy';
import {
  bakeryOptions,
  closeBakery,
  doughs,
  Hatch,
  NOON,
  openSchema,
  openShop,
  ORDERS,
  OrderPlaced,
  placeOrders,
  seen,
  tallyOrder,
  wakeDough,
  written,
  type Shop,
} from '../testing/bakery';
import type { EventContext } from './unit-of-work';

class BurntBread extends Error {
  override name = 'BurntBread';
}

@Controller()
class OvenEvents {
  @EventPattern<string>(OrderPlaced.type)
  async placed(@Payload() data: OrderPlaced, @Ctx() ctx: EventContext): Promise<void> {
    tallyOrder(data, ctx);
    if (data.wrapping === 'burn') throw new BurntBread('smoke in the bakery');
    if (data.wrapping === 'no') throw new UnfitEvent('not on the menu');
  }

  @EventPattern<string>('timer.dough')
  due(@Payload() data: unknown, @Ctx() ctx: EventContext): void {
    wakeDough(data, ctx);
  }
}

@Controller()
class SecondOven {
  @EventPattern<string>(OrderPlaced.type)
  placed(): void {}
}

@Controller()
class NoTimers {
  @EventPattern<string>(OrderPlaced.type)
  placed(): void {}
}

let postgres: TestDatabase;
let hatch: Hatch;
let clock: ManualClock;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(() => {
  hatch = new Hatch();
  clock = new ManualClock(NOON);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await closeBakery();
});

/** The oven as a Nest microservice with these controllers. */
async function listen(...controllers: (new () => object)[]): Promise<Shop> {
  const dataSource = await openSchema(postgres.url, 'oven');
  const parkings: string[] = [];
  const messaging = new Messaging({
    dataSource,
    transport: hatch,
    clock,
    options: bakeryOptions('oven', [ORDERS]),
    onParked: (_topic, cause) => parkings.push(cause),
  });
  class OvenModule {}
  Module({ controllers })(OvenModule);
  const strategy = new MessagingStrategy(messaging);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(OvenModule, {
    strategy,
    logger: false,
  });
  strategy.within(app);
  closing.push(() => app.close());
  await app.listen();
  return { dataSource, messaging, parkings };
}

async function orders(...notes: (string | undefined)[]) {
  const counter = openShop({
    dataSource: await openSchema(postgres.url, 'counter'),
    service: 'counter',
    transport: new Hatch(),
  });
  for (const [i, note] of notes.entries()) {
    if (note === undefined) await placeOrders(counter, 'rye', i + 1);
    else
      await counter.messaging.command([], (unit) =>
        unit.publish({
          topic: ORDERS,
          key: 'rye',
          contract: OrderPlaced,
          data: { n: i + 1, wrapping: note },
        }),
      );
  }
  return written(counter);
}

test('ordinary event handlers of a controller get the data and the unit of work', async () => {
  const oven = await listen(OvenEvents);
  await hatch.deliver(await orders(undefined, undefined));
  expect(await seen(oven, 'rye')).toEqual([1, 2]);
});

test('the error that a handler threw is the one that is parked, and nothing of its attempt is kept', async () => {
  const oven = await listen(OvenEvents);
  await hatch.deliver(await orders(undefined, 'burn', undefined));
  expect(oven.parkings).toEqual(['BurntBread: smoke in the bakery']);
  expect(await oven.messaging.parked()).toMatchObject([
    { keySeq: 2, cause: 'BurntBread: smoke in the bakery', behind: 1 },
  ]);
  expect(await seen(oven, 'rye')).toEqual([1]);
});

test('a handler that says that no retry can help is believed through Nest too', async () => {
  const oven = await listen(OvenEvents);
  await hatch.deliver(await orders('no'));
  expect(oven.parkings).toEqual(['UnfitEvent: not on the menu']);
});

test('a timer reaches its handler in a controller', async () => {
  const oven = await listen(OvenEvents);
  oven.messaging.start();
  await oven.messaging.command([{ store: doughs, key: 'rye' }], (unit) =>
    unit.set(doughs, 'rye', { riseUntil: NOON.toISOString(), woken: [] }),
  );
  clock.advance(1);
  await eventually(async () => {
    const [row] = await oven.dataSource.query(`select body from dough`);
    return JSON.parse(row.body).woken.length === 1;
  });
});

test('two handlers of one event are refused at start', async () => {
  await expect(listen(OvenEvents, SecondOven)).rejects.toThrow(/order-placed.v1 has two handlers/);
});

test('documents with due times but without a timer handler are refused at start', async () => {
  await expect(listen(NoTimers)).rejects.toThrow(/nobody handles timer.dough/);
});
