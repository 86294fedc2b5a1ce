/** Where a broker runs: a process of its own, or a container. */

export interface Machine {
  /** Of the broker's process on this machine. */
  readonly pid?: number | undefined;
  /** Starts it on the data that is there. */
  start(): Promise<void>;
  /** How it ended by itself; undefined while it runs. */
  ended(): string | undefined;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** In order, as an operator would. */
  shutDown(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
  /** The end of what it printed. */
  output(): Promise<string>;
}
