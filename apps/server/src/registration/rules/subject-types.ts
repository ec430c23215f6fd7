import { hostnameOf, type ClientMetadata } from '@clientele/model/metadata';
import { invalidMetadata } from '../registration-error.ts';
import { usesBackchannelAuthentication } from './backchannel-authentication.ts';
import type { Rule } from './rule.ts';

const CIBA_REGISTRATION =
  'https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#registration';

/**
 * Pairwise identifiers are made for a sector: the host of the sector identifier URI, or else the one host of all URIs by which
 * the client is known: its redirect URIs, and for backchannel authentication its keys or, with push, its endpoint.
 */
export const pairwiseNeedsOneSector: Rule = {
  spec: 'https://openid.net/specs/openid-connect-core-1_0.html#PairwiseAlg',
  check(metadata) {
    if (metadata.subject_type !== 'pairwise' || metadata.sector_identifier_uri !== undefined) return undefined;
    const hosts = new Set(sectorMembers(metadata).flatMap(([, uris]) => [...hostsOf(uris)]));
    // URIs with a private-use scheme have no host: all native clients would share one sector.
    return hosts.size === 1 && !hosts.has('') ? undefined : invalidMetadata('sectorUnclear');
  },
};

const HOSTS = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The hosts of a list of URIs. Computed once per list: a choice between many algorithms evaluates the rule for each of them. */
function hostsOf(uris: readonly string[]): ReadonlySet<string> {
  let hosts = HOSTS.get(uris);
  if (hosts === undefined) HOSTS.set(uris, (hosts = new Set(uris.map(hostnameOf))));
  return hosts;
}

/**
 * A client that polls, or is pinged, has no redirect URI to be known by; `jwks_uri` takes its place. The server MUST check that
 * there is one.
 */
export const pairwiseBackchannelNeedsKeys: Rule = {
  spec: CIBA_REGISTRATION,
  check: (metadata) =>
    metadata.subject_type === 'pairwise' &&
    usesBackchannelAuthentication(metadata) &&
    metadata.backchannel_token_delivery_mode !== 'push' &&
    metadata.jwks_uri === undefined
      ? invalidMetadata('memberMissing', {
          member: 'jwks_uri',
          expected: 'pairwise identifiers with the delivery modes poll and ping are made for its host.',
        })
      : undefined,
};

/**
 * The members whose URIs make the sector of a client, and that the document at its `sector_identifier_uri` MUST contain (OpenID
 * Connect Registration section 5, CIBA section 4).
 */
export function sectorMembers(
  metadata: ClientMetadata,
): readonly (readonly [member: string, uris: readonly string[]])[] {
  const redirects = ['redirect_uris', metadata.redirect_uris ?? []] as const;
  if (metadata.subject_type !== 'pairwise' || !usesBackchannelAuthentication(metadata)) return [redirects];
  const member =
    metadata.backchannel_token_delivery_mode === 'push' ? 'backchannel_client_notification_endpoint' : 'jwks_uri';
  return [redirects, [member, [metadata[member] ?? []].flat()]];
}
