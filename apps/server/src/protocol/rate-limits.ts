import rateLimit, { type FastifyRateLimitStore } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Config } from '../config/config.ts';
import { countedAs } from '../http/caller-addresses.ts';
import { ProtocolError } from './protocol-error.ts';
import { serviceIdIn } from './protocol-request.ts';

/** Counts a request. Throws `ProtocolError` if it exceeds the limit. */
type RateLimiter = (request: FastifyRequest) => Promise<void>;

export interface RateLimiters {
  readonly byAddress: RateLimiter;
  readonly byService: RateLimiter;
}

const MINUTE = 60_000;

/** Callers whose requests are counted at the same time. */
const MOST_CALLERS = 5000;

/** Counts requests by a clock that nobody sets. The store of the library counts by the time of day, which may be set back. */
class Counts implements FastifyRateLimitStore {
  /** In the order of the last requests. */
  private readonly windows = new Map<string, { current: number; end: number }>();

  incr(caller: string, done: (error: null, counted: { current: number; ttl: number }) => void, length = MINUTE): void {
    const now = performance.now();
    let window = this.windows.get(caller);
    if (window === undefined || window.end <= now) window = { current: 0, end: now + length };
    window.current += 1;
    this.windows.delete(caller);
    this.windows.set(caller, window);
    const [oldest] = this.windows.keys();
    if (this.windows.size > MOST_CALLERS && oldest !== undefined) this.windows.delete(oldest);
    done(null, { current: window.current, ttl: window.end - now });
  }

  child(): Counts {
    return new Counts();
  }
}

/**
 * Counts the requests of strangers by address (IPv6: by network) and by service, in the memory of this process. A loopback address is
 * not counted: it is that of a developer, or of a proxy that `TRUSTED_PROXIES` does not name, which all callers share. The 5000
 * most recent callers of each kind are counted; the limit of the service applies to a caller with more addresses.
 */
export async function rateLimiters(
  fastify: FastifyInstance,
  { rateLimitPerAddress, rateLimitPerService }: Config,
): Promise<RateLimiters> {
  await fastify.register(rateLimit, { global: false, store: Counts });

  const limiter = (max: number, key: (request: FastifyRequest) => string): RateLimiter => {
    if (max === 0) return () => Promise.resolve();
    const count = fastify.createRateLimit({ max, timeWindow: MINUTE, keyGenerator: key });
    return async (request) => {
      const counted = await count(request);
      if (!counted.isAllowed && counted.isExceeded) {
        throw ProtocolError.of('rateLimitExceeded', 429, 'temporarily_unavailable', {
          'retry-after': String(Math.max(1, counted.ttlInSeconds)),
        });
      }
    };
  };

  const byAddress = limiter(rateLimitPerAddress, (request) => callerOf(request) ?? '');
  return {
    byAddress: async (request) => {
      if (callerOf(request) !== undefined) await byAddress(request);
    },
    byService: limiter(rateLimitPerService, (request) => serviceIdIn(request) ?? ''),
  };
}

function callerOf({ callerAddress }: FastifyRequest): string | undefined {
  return callerAddress === undefined ? undefined : countedAs(callerAddress);
}
