import type { Fetch } from '@clientele/client';
import { excerpt, printToStderr } from './terminal.ts';

const BUSY: ReadonlySet<number> = new Set([429, 503]);

/** Milliseconds without a further request until the notice. */
const SILENT = 3_000;

/** Says on standard error why a command waits, if the server is busy and defers a call for more than a few seconds. */
export class BusyNotice {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly send: Fetch = fetch,
    private readonly print = printToStderr,
  ) {}

  readonly fetch: Fetch = async (url, init) => {
    this.end();
    const response = await this.send(url, init);
    const wait = response.headers.get('retry-after');
    if (BUSY.has(response.status) && wait !== null) this.announce(wait);
    return response;
  };

  /** Ends with the calls of a command, so that no notice follows the error of a call that is not repeated. */
  end(): void {
    clearTimeout(this.timer);
  }

  private announce(wait: string): void {
    // Parallel calls share one notice.
    this.end();
    this.timer = setTimeout(() => {
      this.print(`The server is busy (Retry-After: ${excerpt(wait)}). The call will be repeated.`);
    }, SILENT);
  }
}
