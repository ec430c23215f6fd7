/** Too many tasks are waiting. The caller may try again later. */
export class NoSlotError extends Error {
  override readonly name = 'NoSlotError';
}

/** Runs a bounded number of tasks at a time. A bounded number of further tasks wait, in their order. */
export class Slots {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly count: number,
    private readonly mostWaiting: number,
  ) {}

  /** Throws `NoSlotError` if too many tasks are waiting. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running < this.count) this.running += 1;
    else await this.wait();
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      // The next task takes over the slot.
      if (next !== undefined) next();
      else this.running -= 1;
    }
  }

  private wait(): Promise<void> {
    if (this.waiting.length >= this.mostWaiting)
      throw new NoSlotError('Too many hashes of secrets are being verified.');
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
