import type { Fetch } from '@clientele/client';
import { printToStderr } from './terminal.ts';

const BUSY: ReadonlySet<number> = new Set([429, 503]);

/** Seconds until the notice, and the most that the SDK waits. */
const SILENT = 3;
const LONGEST_WAIT = 60;

/** Says on standard error why a command waits, if the server is busy and defers a call for more than a few seconds. */
export class BusyNotice {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly send: Fetch = fetch,
    private readonly print = printToStderr,
  ) {}

  readonly fetch: Fetch = async (url, init) => {
    const response = await this.send(url, init);
    const { status, headers } = response;
    const seconds = Math.min(secondsOf(headers.get('retry-after')), LONGEST_WAIT);
    if (BUSY.has(status) && seconds > SILENT) this.announce(seconds - SILENT);
    return response;
  };

  /** Ends with the calls of a command, so that no notice follows the error of a call that is not repeated. */
  end(): void {
    clearTimeout(this.timer);
  }

  private announce(rest: number): void {
    // Parallel calls share one notice.
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.print(`The server is busy; the call is repeated in ${Math.ceil(rest)} s.`);
    }, SILENT * 1_000);
  }
}

/** The value of `Retry-After`: seconds, or a date (RFC 9110 section 10.2.3). `NaN` if there is none. */
function secondsOf(value: string | null): number {
  if (value === null) return NaN;
  return /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1_000;
}
