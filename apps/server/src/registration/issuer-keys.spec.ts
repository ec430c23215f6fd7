import type { DocumentFetcher } from '../outbound/document-fetcher.ts';
import { IssuerKeys } from './issuer-keys.ts';

describe('IssuerKeys', () => {
  it('caches the keys of at most 1,000 issuers, those that were used last', () => {
    // No key is fetched before a statement is verified.
    const keys = new IssuerKeys({} as DocumentFetcher);
    const of = (n: number) => keys.of({ issuer: 'x', jwksUri: `https://issuer.example/${n}`, algorithms: [] }, 1);
    const first = of(0);
    const second = of(1);
    for (let n = 2; n < 1_000; n++) of(n);
    expect(of(0)).toBe(first);
    of(1_000);

    expect(of(0)).toBe(first);
    expect(of(1)).not.toBe(second);
  });
});
