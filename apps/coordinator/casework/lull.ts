/** Does something once nothing has happened for a while: each `heard` puts it off anew. */
export class Lull {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ms: number,
    private readonly act: () => void,
  ) {}

  /** True from the last `heard` until it was quiet long enough. */
  get awaited(): boolean {
    return this.timer !== undefined;
  }

  heard(): void {
    this.stop();
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.act();
    }, this.ms);
    this.timer.unref();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
