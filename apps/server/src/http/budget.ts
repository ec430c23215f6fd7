/** An amount that all callers share, and of which one caller can take a part. Its cost does not depend on the number of callers. */
export class Budget {
  private taken = 0;
  private readonly takenBy = new Map<string, number>();

  constructor(
    private readonly total: number,
    private readonly part: number,
  ) {}

  /**
   * Takes an amount for a caller; `undefined` is a caller without a limit of its own. Returns a function that gives the amount back once,
   * or `undefined` if the amount is not left.
   */
  take(caller: string | undefined, amount: number): (() => void) | undefined {
    if (this.taken + amount > this.total || this.amountOf(caller) + amount > this.part) return undefined;
    this.add(caller, amount);
    let held = true;
    return () => {
      if (held) this.add(caller, -amount);
      held = false;
    };
  }

  private amountOf(caller: string | undefined): number {
    return caller === undefined ? 0 : (this.takenBy.get(caller) ?? 0);
  }

  private add(caller: string | undefined, amount: number): void {
    this.taken += amount;
    if (caller === undefined) return;
    const left = this.amountOf(caller) + amount;
    if (left === 0) this.takenBy.delete(caller);
    else this.takenBy.set(caller, left);
  }
}
