import type { IncomingMessage } from 'node:http';

/**
 * Counts the requests in progress. A request whose body is still arriving does not count, so that a few slow callers cannot exclude
 * all others. The limit of connections bounds such requests.
 */
export class Admission {
  private readonly requests = new Set<IncomingMessage>();

  constructor(private readonly limit: number) {}

  get isFull(): boolean {
    return this.requests.size >= this.limit && this.count() >= this.limit;
  }

  enter(request: IncomingMessage): void {
    this.requests.add(request);
  }

  /** Removes a request whose response is ready to be sent. Until then it counts, even if the caller has gone. */
  leave(request: IncomingMessage): void {
    this.requests.delete(request);
  }

  /** The number of requests in progress. */
  count(): number {
    let count = 0;
    for (const request of this.requests) {
      if (isAbandoned(request)) this.requests.delete(request);
      else if (request.complete) count += 1;
    }
    return count;
  }
}

/** Whether the caller closed the connection before the server had read the body. Such a request gets no response. */
function isAbandoned({ destroyed, readableEnded, headers }: IncomingMessage): boolean {
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  return destroyed && !readableEnded && hasBody;
}
