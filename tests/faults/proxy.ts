/** A TCP line that can be made bad: slow, cut, or silent. Stands before the broker and before the database. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Which way bytes go: `up` to the server, `down` back to the client. */
export type Way = 'up' | 'down';

/** What is wrong with the line while it is. */
export interface Disturbance {
  /** Only connections whose first bytes hold this: a client id, a role. Default: all. */
  only?: string;
  /** Every piece waits so long, ms. */
  latencyMs?: number;
  /** No more than so many bytes a second each way. */
  bytesPerSecond?: number;
  /** These ways, bytes vanish. */
  swallows?: readonly Way[];
  /** New connections are ended at once. */
  refuses?: boolean;
}

/** Bytes that may wait in one direction of a connection before its sender has to wait. */
const MOST_WAITING = 256 * 1024;

/** One line; any number of connections. */
export class TcpProxy {
  private readonly links = new Set<Link>();
  private readonly disturbances = new Set<Disturbance>();

  private constructor(
    private readonly server: Server,
    /** Where the server behind it listens on this machine. */
    public target: number,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /** Listens on `port`, or on a free one. */
  static async open(target: number, port = 0): Promise<TcpProxy> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return new TcpProxy(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Open connections, of those named. */
  connections(only?: string): number {
    return [...this.links].filter((link) => link.is(only)).length;
  }

  /**
   * From now until the end given back. Connections of which bytes vanished are reset at that end, as a router without
   * memory of them would, or, `forGood`, stay silent until the client gives them up.
   */
  disturb(disturbance: Disturbance, forGood = false): () => void {
    this.disturbances.add(disturbance);
    return () => {
      this.disturbances.delete(disturbance);
      for (const link of this.links) link.isOver(disturbance, forGood);
    };
  }

  /** Cuts all connections, or those named, with a reset; one that is silent for good does not hear it. Gives how many. */
  reset(only?: string): number {
    const cut = [...this.links].filter((link) => link.is(only) && !link.isSilent);
    for (const link of cut) link.reset();
    return cut.length;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const link of this.links) link.reset();
    await closed;
  }

  private accept(client: Socket): void {
    if ([...this.disturbances].some((one) => one.refuses && one.only === undefined)) {
      client.on('error', () => undefined);
      client.resetAndDestroy();
      return;
    }
    const link: Link = new Link(client, connect(this.target, '127.0.0.1'), this.disturbances, () =>
      this.links.delete(link),
    );
    this.links.add(link);
  }
}

/** One connection through the line. */
class Link {
  private greeting = '';
  private lost: Disturbance | undefined;
  /** Half-open for good. */
  isSilent = false;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly disturbances: ReadonlySet<Disturbance>,
    ended: () => void,
  ) {
    server.setNoDelay(true);
    this.carry(client, server, 'up');
    this.carry(server, client, 'down');
    for (const socket of [client, server]) {
      socket.on('error', () => this.reset());
      socket.on('close', () => {
        // A client of a silent line does not hear that the server has gone.
        if (socket === server && this.isSilent) return;
        this.reset();
        ended();
      });
    }
  }

  is(only: string | undefined): boolean {
    return only === undefined || this.greeting.includes(only);
  }

  reset(): void {
    for (const socket of [this.client, this.server]) if (!socket.destroyed) socket.resetAndDestroy();
  }

  isOver(disturbance: Disturbance, forGood: boolean): void {
    if (this.lost !== disturbance) return;
    if (forGood) this.isSilent = true;
    else this.reset();
  }

  private get worst(): Disturbance {
    return Object.assign({}, ...[...this.disturbances].filter((one) => this.is(one.only))) as Disturbance;
  }

  private carry(from: Socket, to: Socket, way: Way): void {
    let waiting = 0;
    let last = Promise.resolve();
    from.on('data', (piece: Buffer) => {
      if (way === 'up' && this.greeting.length < 200) this.greeting += piece.toString('latin1', 0, 200);
      waiting += piece.length;
      if (waiting > MOST_WAITING) from.pause();
      last = last.then(async () => {
        await this.hand(piece, to, way);
        waiting -= piece.length;
        if (waiting <= MOST_WAITING) from.resume();
      });
    });
    from.on('end', () => {
      void last.then(() => this.isSilent || to.end());
    });
  }

  private async hand(piece: Buffer, to: Socket, way: Way): Promise<void> {
    const silencer =
      this.lost ?? [...this.disturbances].find((one) => one.swallows?.includes(way) && this.is(one.only));
    if (silencer?.swallows?.includes(way)) {
      // What comes after lost bytes is worth nothing.
      this.lost = silencer;
      return;
    }
    const { latencyMs, bytesPerSecond } = this.worst;
    if (latencyMs) await pause(latencyMs);
    if (bytesPerSecond) await pause((piece.length / bytesPerSecond) * 1000);
    if (to.destroyed) return;
    if (!to.write(piece)) {
      await new Promise<void>((resolve) => {
        to.once('drain', resolve);
        to.once('close', resolve);
      });
    }
  }
}
