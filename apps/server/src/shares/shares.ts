/**
 * Bounds the work in progress: in all, and for each of those for whom it is done, so that one of them cannot use up everything.
 */
export class Shares<Kind extends string> {
  private taken = 0;
  private readonly takenBy = new Map<string, number>();

  /**
   * @param total Shares in all.
   * @param each Shares for each holder of a kind, for example for each service.
   */
  constructor(
    private readonly total: number,
    private readonly each: Readonly<Record<Kind, number>>,
  ) {}

  /** A share for these holders; `undefined` if all shares, or all of a holder, are taken. */
  take(holders: Readonly<Record<Kind, string | number>>): Share | undefined {
    const kinds = Object.keys(this.each) as Kind[];
    const nameOf = (kind: Kind): string => `${kind} ${holders[kind]}`;
    if (this.taken >= this.total || kinds.some((kind) => this.countOf(nameOf(kind)) >= this.each[kind]))
      return undefined;
    const names = kinds.map(nameOf);
    this.count(names, 1);
    return new Share(() => {
      this.count(names, -1);
    });
  }

  private count(names: readonly string[], change: 1 | -1): void {
    this.taken += change;
    for (const name of names) {
      const count = this.countOf(name) + change;
      if (count === 0) this.takenBy.delete(name);
      else this.takenBy.set(name, count);
    }
  }

  private countOf(name: string): number {
    return this.takenBy.get(name) ?? 0;
  }
}

/** A share of the work in progress. It is given back when the last piece of its work has settled. */
export class Share {
  private pieces = 0;

  constructor(private readonly giveBack: () => void) {}

  /** Counts a piece of work until it has settled, also if its caller does not wait for it. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.pieces += 1;
    try {
      return await work;
    } finally {
      this.pieces -= 1;
      if (this.pieces === 0) this.giveBack();
    }
  }
}
