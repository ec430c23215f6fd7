import type { IncomingMessage } from 'node:http';

/**
 * The requests that are under way. The limit is on those that are worked on: one whose body is still arriving takes no room
 * from others, or a few callers who send slowly could shut out all. How many of those there are is limited by their
 * connections.
 */
export class Admission {
  private readonly underway = new Set<IncomingMessage>();

  constructor(private readonly limit: number) {}

  /** Whether as many requests are worked on as may be. */
  get isFull(): boolean {
    return this.underway.size >= this.limit && this.count() >= this.limit;
  }

  enter(request: IncomingMessage): void {
    this.underway.add(request);
  }

  /** Its answer is made. Requests whose caller has gone are worked on until then too. */
  leave(request: IncomingMessage): void {
    this.underway.delete(request);
  }

  /** How many requests are worked on. */
  count(): number {
    let count = 0;
    for (const request of this.underway) {
      if (isGivenUp(request)) this.underway.delete(request);
      else if (request.complete) count += 1;
    }
    return count;
  }
}

/** A body that its caller took away before it was read: nobody will be answered, and nothing is done. */
function isGivenUp({ destroyed, readableEnded, headers }: IncomingMessage): boolean {
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  return destroyed && !readableEnded && hasBody;
}
