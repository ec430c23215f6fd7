import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { canonicalAddress, isLoopback } from '../http/client-address.ts';
import { ProtocolError } from './protocol-error.ts';
import { serviceIdIn } from './protocol-request.ts';

/** Requests a minute; 0 sets no limit. */
export interface RateLimits {
  readonly perAddress: number;
  readonly perService: number;
}

/** Counts a request; throws `ProtocolError` where it is one too many. */
type RateLimiter = (request: FastifyRequest) => Promise<void>;

export interface RateLimiters {
  readonly byAddress: RateLimiter;
  readonly byService: RateLimiter;
}

const MINUTE = 60_000;

/**
 * Counters of what strangers send, in the memory of this process: by address (IPv6 by network), and by service. An address of
 * this machine is a developer's, or a proxy's that `TRUSTED_PROXIES` does not name: to count by it would be to count
 * everybody as one, which the limit of the service does. The library counts 5000 callers of each kind and forgets those that
 * were not heard of for the longest time: whoever has more addresses meets the limit of the service.
 */
export async function rateLimiters(
  fastify: FastifyInstance,
  { perAddress, perService }: RateLimits,
): Promise<RateLimiters> {
  await fastify.register(rateLimit, { global: false });

  const limiter = (max: number, key: (request: FastifyRequest) => string | undefined): RateLimiter => {
    if (max === 0) return () => Promise.resolve();
    const count = fastify.createRateLimit({
      max,
      timeWindow: MINUTE,
      keyGenerator: (request) => key(request) ?? '',
    });
    return async (request) => {
      if (key(request) === undefined) return;
      const counted = await count(request);
      if (!counted.isAllowed && counted.isExceeded) {
        throw new ProtocolError(429, 'temporarily_unavailable', 'There are too many requests. Try again later.', {
          'retry-after': String(Math.max(1, counted.ttlInSeconds)),
        });
      }
    };
  };

  return {
    byAddress: limiter(perAddress, ({ ip }) => (isLoopback(ip) ? undefined : canonicalAddress(ip))),
    byService: limiter(perService, ({ url }) => serviceIdIn(url)),
  };
}
