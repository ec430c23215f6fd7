import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, createRemoteJWKSet, customFetch, type CompactVerifyGetKey } from 'jose';
import type { JsonWebKeySet } from '@clientele/model/metadata';
import { DocumentFetcher } from '../outbound/document-fetcher.ts';
import type { SoftwareStatementIssuerDto } from '../services/service-settings.dto.ts';

/** Milliseconds for which fetched keys are cached, and after which they are fetched again for an unknown key. */
const CACHE_MAX_AGE = 10 * 60_000;
const COOLDOWN = 30_000;

/** Issuers whose keys are cached. The one that was not used for the longest time gives way. */
const CACHED_ISSUERS = 1_000;

/** The public keys of issuers of software statements, by value or by reference. Fetched keys are cached. */
@Injectable()
export class IssuerKeys {
  private readonly local = new WeakMap<JsonWebKeySet, CompactVerifyGetKey>();
  private readonly remote = new Map<string, CompactVerifyGetKey>();

  constructor(private readonly documents: DocumentFetcher) {}

  /** The keys of an issuer that a service trusts. */
  of({ jwks, jwksUri }: SoftwareStatementIssuerDto, serviceId: number): CompactVerifyGetKey {
    if (jwks !== undefined) return this.ofValue(jwks);
    if (jwksUri === undefined) return createLocalJWKSet({ keys: [] });
    // Each service fetches for itself, so that its fetches are counted as its own.
    const name = `${serviceId} ${jwksUri}`;
    const keySet = this.remote.get(name) ?? this.fetched(new URL(jwksUri), serviceId);
    this.cache(name, keySet);
    return keySet;
  }

  private fetched(jwksUri: URL, serviceId: number): CompactVerifyGetKey {
    return createRemoteJWKSet(jwksUri, {
      cacheMaxAge: CACHE_MAX_AGE,
      cooldownDuration: COOLDOWN,
      [customFetch]: async (url) => Response.json(await this.documents.fetchJson(url, serviceId)),
    });
  }

  private cache(name: string, keySet: CompactVerifyGetKey): void {
    this.remote.delete(name);
    this.remote.set(name, keySet);
    const [longestUnused = name] = this.remote.keys();
    if (this.remote.size > CACHED_ISSUERS) this.remote.delete(longestUnused);
  }

  /** The same result for the same object, because it imports each key once. */
  private ofValue(jwks: JsonWebKeySet): CompactVerifyGetKey {
    let keySet = this.local.get(jwks);
    if (keySet === undefined) this.local.set(jwks, (keySet = createLocalJWKSet(jwks)));
    return keySet;
  }
}
