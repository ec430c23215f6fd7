import { invalidMetadata } from '../registration-error.ts';
import type { Rule } from './rule.ts';

/** Pairwise identifiers are made for a sector: the host of the sector identifier URI, or the one host of all redirect URIs. */
export const pairwiseNeedsOneSector: Rule = {
  spec: 'https://openid.net/specs/openid-connect-core-1_0.html#PairwiseAlg',
  check({ subject_type, sector_identifier_uri, redirect_uris = [] }) {
    if (subject_type !== 'pairwise' || sector_identifier_uri !== undefined) return undefined;
    const hosts = new Set(redirect_uris.map((uri) => new URL(uri).hostname));
    // URIs with a private-use scheme have no host: all native clients would share one sector.
    return hosts.size === 1 && !hosts.has('') ? undefined : invalidMetadata('A204312');
  },
};
