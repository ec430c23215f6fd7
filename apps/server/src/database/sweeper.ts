import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';

/** Rows that one statement of a sweep deletes. */
export const PIECE = 500;

/** Sweeps at intervals while the server runs, and never twice at the same time. A failed sweep is logged; the next one repeats it. */
export class Sweeper {
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | undefined;
  private isSweeping = false;
  private hasStopped = false;

  constructor(
    name: string,
    /** Milliseconds between two sweeps. */
    private readonly interval: number,
    private readonly sweep: () => Promise<unknown>,
  ) {
    this.logger = new Logger(name);
  }

  start(): void {
    this.timer = setInterval(() => void this.run(), this.interval).unref();
  }

  /** Ends a sweep in progress after its current piece. */
  stop(): void {
    this.hasStopped = true;
    clearInterval(this.timer);
  }

  get stopped(): boolean {
    return this.hasStopped;
  }

  /** Repeats a piece of work while it returns that more remains. Other work has its turn after each one. */
  async inPieces(piece: () => Promise<boolean>): Promise<void> {
    while (!this.hasStopped && (await piece())) await nextTurn();
  }

  private async run(): Promise<void> {
    if (this.isSweeping) return;
    this.isSweeping = true;
    try {
      await this.sweep();
    } catch (error) {
      this.logger.warn(error);
    } finally {
      this.isSweeping = false;
    }
  }
}
