import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isLoopbackHost } from '../config/hosts.ts';

/** Milliseconds until a name server is asked again, and how often. */
const PATIENCE = { timeout: 1_000, tries: 3 } as const;

/** The functions of a resolver that this module calls. Each look-up has its own resolver, because a resolver cancels all its queries together. */
export type NameResolver = Pick<Resolver, 'resolve4' | 'resolve6' | 'cancel'>;

export function newResolver(): NameResolver {
  return new Resolver(PATIENCE);
}

/** The addresses of this machine under its own names, without a query (RFC 6761 section 6.3). */
const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * The addresses of a name in DNS. Unlike `getaddrinfo`, which the other parts of the server use, it reads no hosts file, adds no search
 * domains, needs no thread, and ends when it is aborted. Fails if there is no address.
 */
export async function resolveName(
  hostname: string,
  aborted: AbortSignal,
  resolverOf: () => NameResolver,
): Promise<LookupAddress[]> {
  if (isLoopbackHost(hostname)) return [...LOOPBACK];
  aborted.throwIfAborted();
  const resolver = resolverOf();
  const cancel = (): void => {
    resolver.cancel();
  };
  aborted.addEventListener('abort', cancel, { once: true });
  try {
    const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const addresses = [...addressesIn(four, 4), ...addressesIn(six, 6)];
    if (addresses.length === 0) throw four.status === 'rejected' ? four.reason : new Error('The name has no address.');
    return addresses;
  } finally {
    aborted.removeEventListener('abort', cancel);
  }
}

function addressesIn(result: PromiseSettledResult<readonly string[]>, family: 4 | 6): readonly LookupAddress[] {
  return result.status === 'fulfilled' ? result.value.map((address) => ({ address, family })) : [];
}
