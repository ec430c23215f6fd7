/** Something that waits to be sent, and how its sender is answered. */
export interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Sends together what comes in one turn of the event loop, and while what was sent before is not answered: the busier the
 * other side, the more goes at once, and a lone caller waits for nobody.
 */
export class Collector<Item, Answer> {
  private waiting: Waiting<Item, Answer>[] = [];
  private sending = false;

  /** `send` answers everything that it is given, and never fails. */
  constructor(private readonly send: (batch: readonly Waiting<Item, Answer>[]) => Promise<void>) {}

  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.sending) return;
      this.sending = true;
      setImmediate(() => void this.sendAll());
    });
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      await this.send(batch);
    }
    this.sending = false;
  }
}
