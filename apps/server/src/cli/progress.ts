import type { OutputOptions } from './result.ts';

const BAR_WIDTH = 30;

/** Milliseconds between two updates of the bar on a terminal, and between two lines elsewhere. */
const BAR_INTERVAL = 100;
const LINE_INTERVAL = 5_000;

/** A terminal, or a stream of lines. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows the progress of long work: a bar on a terminal, otherwise a line every five seconds. */
export class Progress {
  private lastShown: number;

  constructor(
    private readonly task: string,
    private readonly output: ProgressOutput,
    private readonly now: () => number = Date.now,
  ) {
    this.lastShown = now();
  }

  /** Shows progress on standard error; with `--json` always in lines. */
  static of(task: string, { json = false }: OutputOptions, output: ProgressOutput = process.stderr): Progress {
    return new Progress(task, json ? { write: (text) => output.write(text) } : output);
  }

  /** Shows the progress, unless the interval since the last update is too short. */
  readonly report = (done: number, total: number): void => {
    const interval = this.output.isTTY ? BAR_INTERVAL : LINE_INTERVAL;
    if (this.now() - this.lastShown < interval) return;
    this.lastShown = this.now();
    const share = total === 0 ? 1 : Math.min(done / total, 1);
    const percent = `${Math.floor(share * 100)} %`;
    if (!this.output.isTTY) {
      this.output.write(`${this.task}: ${percent}\n`);
      return;
    }
    const filled = Math.floor(share * BAR_WIDTH);
    this.output.write(`\r${this.task} [${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${percent.padStart(5)}`);
  };

  /** Removes the bar from the terminal. */
  end(): void {
    if (this.output.isTTY) this.output.write('\r\u001B[K');
  }
}
