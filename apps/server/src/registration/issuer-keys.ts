import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, createRemoteJWKSet, customFetch, type CompactVerifyGetKey } from 'jose';
import { DocumentFetcher } from '../outbound/document-fetcher.ts';
import type { SoftwareStatementIssuerDto } from '../services/service-settings.dto.ts';

/** Milliseconds for which the keys of an issuer are kept, and before they are looked up again for a key that is not there. */
const CACHE_MAX_AGE = 10 * 60_000;
const COOLDOWN = 30_000;

/** The public keys of software statement issuers: by value, or by reference, cached and fetched again when they were rotated. */
@Injectable()
export class IssuerKeys {
  private readonly remote = new Map<string, CompactVerifyGetKey>();

  constructor(private readonly documents: DocumentFetcher) {}

  of({ jwks, jwksUri }: SoftwareStatementIssuerDto): CompactVerifyGetKey {
    if (jwks !== undefined) return createLocalJWKSet(jwks);
    if (jwksUri === undefined) return createLocalJWKSet({ keys: [] });
    let keySet = this.remote.get(jwksUri);
    if (keySet === undefined) {
      keySet = createRemoteJWKSet(new URL(jwksUri), {
        cacheMaxAge: CACHE_MAX_AGE,
        cooldownDuration: COOLDOWN,
        [customFetch]: async (url) => Response.json(await this.documents.fetchJson(url)),
      });
      this.remote.set(jwksUri, keySet);
    }
    return keySet;
  }
}
