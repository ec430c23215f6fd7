/** An item that waits to be sent, and its caller. */
export interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Sends items in batches. All items of one turn of the event loop share a batch; while the largest number of batches is in progress,
 * new items wait for the next batch. So batches grow with the load, and a single item does not wait.
 */
export class Batcher<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private sending = 0;

  /** `send` settles every item that it receives, and never rejects. */
  constructor(
    private readonly send: (batch: readonly Waiting<Item, Result>[]) => Promise<void>,
    private readonly parallelBatches: number,
  ) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      // The first item of a turn sends the batch of the turn.
      if (this.waiting.length > 1 || this.sending >= this.parallelBatches) return;
      setImmediate(() => void this.sendAll());
    });
  }

  private async sendAll(): Promise<void> {
    this.sending += 1;
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      await this.send(batch);
    }
    this.sending -= 1;
  }
}
