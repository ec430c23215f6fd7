import type { OutputOptions } from './result.ts';

const BAR_WIDTH = 30;

/** Milliseconds between two updates of a bar, and between two lines where there is no terminal. */
const BAR_INTERVAL = 100;
const LINE_INTERVAL = 5_000;

/** Where progress is told: a terminal, or something that keeps lines. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Tells how far long work has come: a bar on a terminal, otherwise a line now and then; nothing of work that is soon done. */
export class Progress {
  private lastTold: number;

  constructor(
    private readonly what: string,
    private readonly output: ProgressOutput,
    private readonly now: () => number = Date.now,
  ) {
    this.lastTold = now();
  }

  /** Tells it on standard error; to programs (`--json`) in lines, also on a terminal. */
  static of(what: string, { json = false }: OutputOptions, output: ProgressOutput = process.stderr): Progress {
    return new Progress(what, json ? { write: (text) => output.write(text) } : output);
  }

  /** Tells that so much of the total is done, unless it has just told something. */
  readonly report = (done: number, total: number): void => {
    const interval = this.output.isTTY ? BAR_INTERVAL : LINE_INTERVAL;
    if (this.now() - this.lastTold < interval) return;
    this.lastTold = this.now();
    const share = total === 0 ? 1 : Math.min(done / total, 1);
    const percent = `${Math.floor(share * 100)} %`;
    if (!this.output.isTTY) {
      this.output.write(`${this.what}: ${percent}\n`);
      return;
    }
    const filled = Math.floor(share * BAR_WIDTH);
    this.output.write(`\r${this.what} [${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${percent.padStart(5)}`);
  };

  /** Takes the bar off the terminal. */
  end(): void {
    if (this.output.isTTY) this.output.write('\r\u001B[K');
  }
}
