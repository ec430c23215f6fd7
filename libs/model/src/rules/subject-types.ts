import type { ClientMetadata } from '../metadata/client-metadata.ts';
import { CIBA_REGISTRATION, OIDC_PAIRWISE_IDENTIFIERS } from '../wire/specs.ts';
import { quote } from '../text/quote.ts';
import { usesBackchannelAuthentication } from './backchannel-authentication.ts';
import type { ClientFacts } from './client-facts.ts';
import type { Broken, Rule } from './rule.ts';

/**
 * Pairwise identifiers are computed for a sector: the host of the sector identifier URI. Without one, it is the host that the
 * redirect URIs have in common; for backchannel authentication also with `jwks_uri` or, for push, the notification endpoint.
 * Nobody owns a host in a private-use scheme or on loopback, so these make no sector.
 */
export const pairwiseNeedsOneSector: Rule = {
  /** Pairwise identifiers need a sector_identifier_uri, or https URIs with one public host. */
  id: 'pairwise-sector',
  specification: OIDC_PAIRWISE_IDENTIFIERS,
  reads: [
    'subject_type',
    'sector_identifier_uri',
    'redirect_uris',
    'grant_types',
    'backchannel_token_delivery_mode',
    'backchannel_client_notification_endpoint',
    'jwks_uri',
  ],
  check: (client) =>
    client.metadata.subject_type === 'pairwise' && client.metadata.sector_identifier_uri === undefined
      ? sectorProblem(client)
      : undefined,
};

const REMEDY = 'add a sector_identifier_uri, or use https URIs that all have one host.';

function sectorProblem(client: ClientFacts): Broken | undefined {
  let sector: string | undefined;
  for (const member of sectorMembers(client.metadata)) {
    for (const { uri, at, text } of client.urisOf(member)) {
      if (uri.scheme !== 'https' || uri.host === undefined || uri.host.scope === 'loopback') {
        return unclear([at], `${quote(text)} has no host that could make a sector`);
      }
      sector ??= uri.host.name;
      if (uri.host.name !== sector) return unclear([at], `${quote(text)} has another host than ${quote(sector)}`);
    }
  }
  return sector === undefined ? unclear(['redirect_uris'], 'no URI makes a sector') : undefined;
}

function unclear(members: readonly string[], reason: string): Broken {
  return {
    result: 'sectorUnclear',
    members: [...members, 'subject_type'],
    says: `${reason}, which the subject type "pairwise" needs; ${REMEDY}`,
  };
}

/**
 * With the delivery modes poll and ping, a client may have no redirect URI; the host of its `jwks_uri` makes its sector. The
 * server MUST check that there is a `jwks_uri`.
 */
export const pairwiseBackchannelNeedsKeys: Rule = {
  /** Pairwise identifiers with the delivery modes poll and ping need a jwks_uri. */
  id: 'pairwise-backchannel-keys',
  specification: CIBA_REGISTRATION,
  reads: ['subject_type', 'grant_types', 'backchannel_token_delivery_mode', 'jwks_uri'],
  check: ({ metadata }) =>
    metadata.subject_type === 'pairwise' &&
    usesBackchannelAuthentication(metadata) &&
    metadata.backchannel_token_delivery_mode !== 'push' &&
    metadata.jwks_uri === undefined
      ? {
          result: 'memberMissing',
          members: ['jwks_uri', 'subject_type', 'backchannel_token_delivery_mode'],
          says: 'must be present, because pairwise identifiers with the delivery modes poll and ping are made for its host.',
        }
      : undefined,
};

/**
 * The members whose URIs make the sector of a client, and that the document at its `sector_identifier_uri` MUST contain (OpenID
 * Connect Registration section 5, CIBA section 4).
 */
export function sectorMembers(
  metadata: ClientMetadata,
): readonly ('redirect_uris' | 'backchannel_client_notification_endpoint' | 'jwks_uri')[] {
  if (metadata.subject_type !== 'pairwise' || !usesBackchannelAuthentication(metadata)) return ['redirect_uris'];
  return metadata.backchannel_token_delivery_mode === 'push'
    ? ['redirect_uris', 'backchannel_client_notification_endpoint']
    : ['redirect_uris', 'jwks_uri'];
}
