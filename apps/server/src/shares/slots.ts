/** Runs a bounded number of tasks at a time. Further tasks wait, in their order. */
export class Slots {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly count: number) {}

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running < this.count) this.running += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      // The next task takes over the slot.
      if (next !== undefined) next();
      else this.running -= 1;
    }
  }
}
