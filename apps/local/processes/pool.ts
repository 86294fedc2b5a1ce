/** The processes of one service, taken in turn. */

/** A process as requests are sent to it. */
export interface Upstream {
  readonly service: string;
  /** `health`, or `health-2` for the second one. */
  readonly name: string;
  /** Address of its interface; undefined while it does not answer. */
  readonly url: string | undefined;
}

export class Pool<U extends Upstream = Upstream> {
  readonly processes: U[] = [];
  private turn = 0;

  constructor(
    readonly service: string,
    readonly routes: readonly string[],
  ) {}

  /** Addresses of those that answer. */
  get urls(): string[] {
    return this.processes.flatMap((process) => process.url ?? []);
  }

  /** The address of the next one that answers; undefined when none does. */
  next(): string | undefined {
    const urls = this.urls;
    return urls[this.turn++ % urls.length];
  }
}
