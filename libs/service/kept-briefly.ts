/**
 * What is the same for everybody who may ask, asked once in a while whoever asks: a page that many look at fetches itself
 * again at each change. In memory of this process. Only for what all who reach it may see.
 */
export class KeptBriefly<T> {
  private kept: { readonly until: number; readonly value: Promise<T> } | undefined;
  private isShared = true;

  /** What is not `isWorth` keeping is asked for by each, so that what was just done is seen. */
  constructor(
    private readonly keptMs: number,
    private readonly now: () => number = () => performance.now(),
    private readonly isWorth?: (value: T) => boolean,
  ) {
    this.isShared = isWorth === undefined;
  }

  /** What was answered not long ago; otherwise what `ask` answers. A failure is thrown and not kept. */
  get(ask: () => Promise<T>): Promise<T> {
    if (this.isShared && this.kept && this.kept.until > this.now()) return this.kept.value;
    const value = ask();
    const asked = { until: this.now() + this.keptMs, value };
    this.kept = asked;
    value.then(
      (answer) => {
        if (this.isWorth) this.isShared = this.isWorth(answer);
      },
      () => {
        if (this.kept === asked) this.kept = undefined;
      },
    );
    return value;
  }
}
