import { Logger } from '@nestjs/common';

/** Sweeps at intervals while the server runs, and never twice at the same time. A failed sweep is logged; the next one repeats it. */
export class Sweeper {
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | undefined;
  private isSweeping = false;

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

  stop(): void {
    clearInterval(this.timer);
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
