/** Something that waits to be sent, and how its sender is answered. */
export interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Sends together what comes in one turn of the event loop, and while so many batches as may be sent at once are not answered:
 * the busier the other side, the more goes at once, and a lone caller waits for nobody.
 */
export class Collector<Item, Answer> {
  private waiting: Waiting<Item, Answer>[] = [];
  private sending = 0;

  /** `send` answers everything that it is given, and never fails. */
  constructor(
    private readonly send: (batch: readonly Waiting<Item, Answer>[]) => Promise<void>,
    private readonly atOnce: number,
  ) {}

  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      // The first of a turn sends for all of it.
      if (this.waiting.length > 1 || this.sending >= this.atOnce) return;
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
