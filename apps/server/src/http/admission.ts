import type { IncomingMessage } from 'node:http';

/**
 * Counts the requests on which the server works. A request whose body is still arriving does not count, so that a few slow callers
 * cannot exclude all others. The budget of bodies limits such requests.
 */
export class Admission {
  private readonly requests = new Set<IncomingMessage>();

  constructor(private readonly limit: number) {}

  get isFull(): boolean {
    return this.requests.size >= this.limit;
  }

  /** The number of requests in progress. */
  get count(): number {
    return this.requests.size;
  }

  includes(request: IncomingMessage): boolean {
    return this.requests.has(request);
  }

  /** Returns whether the request did not count before. */
  enter(request: IncomingMessage): boolean {
    if (this.requests.has(request)) return false;
    this.requests.add(request);
    return true;
  }

  /**
   * Removes a request whose body must arrive, or whose response is ready. Until then it counts, even if the caller has gone. Returns
   * whether it counted.
   */
  leave(request: IncomingMessage): boolean {
    return this.requests.delete(request);
  }
}
