import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { Budget } from './budget.ts';
import { countedAs } from './caller-addresses.ts';
import { BODY_LIMIT, BODY_SHARES, METADATA_BODY_LIMIT } from './limits.ts';
import { isOfProtocolPlane } from './paths.ts';

/** Limits the bytes of all bodies that are still arriving, so that slow callers cannot fill the memory. */
export class BodyBudget {
  private readonly bytes: Budget;
  private readonly held = new WeakMap<IncomingMessage, () => void>();

  constructor(total: number) {
    this.bytes = new Budget(total, Math.max(total / BODY_SHARES, BODY_LIMIT));
  }

  /** Takes the bytes of a body, until it has arrived or its caller has gone. Returns whether they are left. */
  take(request: IncomingMessage, address: string | undefined, bytes: number): boolean {
    const giveBack = this.bytes.take(address === undefined ? undefined : countedAs(address), bytes);
    if (giveBack === undefined) return false;
    this.held.set(request, giveBack);
    request.once('close', giveBack);
    return true;
  }

  /** The body has arrived, or will not be read. */
  giveBack(request: IncomingMessage): void {
    this.held.get(request)?.();
  }
}

/** The bytes that the body of a request may have: those that it announces, or the largest size that its plane accepts. */
export function announcedBytes({ url, headers }: FastifyRequest): number {
  const limit = isOfProtocolPlane(url) ? METADATA_BODY_LIMIT : BODY_LIMIT;
  if (headers['transfer-encoding'] !== undefined) return limit;
  return Math.min(Number(headers['content-length'] ?? 0), limit);
}
