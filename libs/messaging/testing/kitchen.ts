/** A counter that takes orders and an oven that burns some of them: what parking is tried with. */
import type { DataSource } from 'typeorm';
import { ManualClock } from '../clock';
import type { EventContext } from '../reading/unit-of-work';
import type { KeyVault } from '../vault/key-vault';
import {
  GiftOrdered,
  Hatch,
  NOON,
  openSchema,
  openShop,
  OrderPlaced,
  placeOrders,
  tallyOrder,
  written,
  type Shop,
} from './bakery';

export class Kitchen {
  readonly hatch = new Hatch();
  readonly clock = new ManualClock(NOON);
  /** Orders that the oven cannot bake. */
  readonly burning = new Set<number>();
  /** What the oven was given, in that order. */
  readonly tries: unknown[] = [];
  /** Called by the oven at each order before it bakes it. */
  onOrder: (n: number) => Promise<void> | void = () => undefined;
  counter!: Shop;
  oven!: Shop;

  private constructor(private readonly vault: KeyVault | undefined) {}

  static async open(url: string, vault?: KeyVault): Promise<Kitchen> {
    const kitchen = new Kitchen(vault);
    kitchen.counter = openShop({
      dataSource: await openSchema(url, 'counter'),
      service: 'counter',
      transport: kitchen.hatch,
      ...(vault ? { vault } : {}),
    });
    kitchen.oven = kitchen.another(await openSchema(url, 'oven'));
    return kitchen;
  }

  /** One more instance of the oven over the same tables. */
  another(dataSource: DataSource = this.oven.dataSource, onOrder = (n: number) => this.onOrder(n)): Shop {
    const bake = async (data: unknown, ctx: EventContext): Promise<void> => {
      const { n } = data as OrderPlaced;
      this.tries.push(data);
      await onOrder(n);
      tallyOrder(data, ctx);
      if (this.burning.has(n)) throw new Error(`order ${n} burnt`);
    };
    return openShop({
      dataSource,
      service: 'oven',
      transport: this.hatch,
      clock: this.clock,
      ...(this.vault ? { vault: this.vault } : {}),
      handlers: { [OrderPlaced.type]: bake, [GiftOrdered.type]: bake },
    });
  }

  /** Orders of one key; those among them that burn are parked with what follows. */
  async park(key: string, ...orders: number[]): Promise<void> {
    await placeOrders(this.counter, key, ...orders);
    await this.hatch.deliver(await this.written(key), 0);
  }

  /** As they come from elsewhere: nothing of this process's memory clings to them. */
  async written(key: string): ReturnType<typeof written> {
    return JSON.parse(JSON.stringify(await written(this.counter, key))) as Awaited<
      ReturnType<typeof written>
    >;
  }

  /** The id of what holds a stream up. */
  async idOf(key: string): Promise<string> {
    const parked = await this.oven.messaging.parked();
    const found = parked.find((one) => one.key === key);
    if (!found) throw new Error(`${key} does not stand still`);
    return found.id;
  }
}
