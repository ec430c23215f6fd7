import type { ClientMetadata } from '../metadata/client-metadata.ts';
import { quote } from '../text/quote.ts';
import { CIBA_REGISTRATION, OIDC_PAIRWISE_IDENTIFIERS } from '../wire/specs.ts';
import { usesBackchannelAuthentication } from './backchannel-authentication.ts';
import type { ClientFacts } from './client-facts.ts';
import type { Rule, Violation } from './rule.ts';

export const SUBJECT_TYPE_RULES: readonly Rule[] = [
  {
    /** Pairwise identifiers with the delivery modes poll and ping need a jwks_uri. */
    id: 'pairwise-backchannel-keys',
    specification: CIBA_REGISTRATION,
    reads: ['subject_type', 'grant_types', 'backchannel_token_delivery_mode', 'jwks_uri'],
    // Such a client may have no redirect URI, so the host of its jwks_uri is its sector.
    check: ({ metadata }) =>
      metadata.subject_type === 'pairwise' &&
      usesBackchannelAuthentication(metadata) &&
      metadata.backchannel_token_delivery_mode !== 'push' &&
      metadata.jwks_uri === undefined
        ? {
            result: 'memberMissing',
            members: ['jwks_uri', 'subject_type', 'backchannel_token_delivery_mode'],
            detail:
              'must be present, because its host is the sector of pairwise identifiers with the delivery modes poll and ping.',
          }
        : undefined,
  },
  {
    /** Pairwise identifiers need a sector_identifier_uri, or https URIs with one host that is not on loopback. */
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
        ? sectorViolation(client)
        : undefined,
  },
];

/** The violation if the URIs of the sector have different hosts, or a host that nobody owns: on loopback or in another scheme. */
function sectorViolation(client: ClientFacts): Violation | undefined {
  let sector: string | undefined;
  for (const member of sectorMembers(client.metadata)) {
    for (const { uri, at, text } of client.urisOf(member)) {
      if (uri.scheme !== 'https' || uri.host === undefined || uri.host.scope === 'loopback') {
        return sectorUnclear(at, `${quote(text)} has no host for a sector`);
      }
      sector ??= uri.host.name;
      if (uri.host.name !== sector) return sectorUnclear(at, `${quote(text)} has another host than ${quote(sector)}`);
    }
  }
  return sector === undefined ? sectorUnclear('redirect_uris', 'no URI has a host for a sector') : undefined;
}

function sectorUnclear(member: string, reason: string): Violation {
  return {
    result: 'sectorUnclear',
    members: [member, 'subject_type'],
    detail: `${reason}, but the subject type "pairwise" needs one sector; add a sector_identifier_uri, or use https URIs with one host.`,
  };
}

/**
 * The members whose URIs determine the sector of a client. The document at its `sector_identifier_uri` MUST contain these URIs
 * (OpenID Connect Registration section 5, CIBA section 4).
 */
export function sectorMembers(
  metadata: ClientMetadata,
): readonly ('redirect_uris' | 'backchannel_client_notification_endpoint' | 'jwks_uri')[] {
  if (metadata.subject_type !== 'pairwise' || !usesBackchannelAuthentication(metadata)) return ['redirect_uris'];
  return metadata.backchannel_token_delivery_mode === 'push'
    ? ['redirect_uris', 'backchannel_client_notification_endpoint']
    : ['redirect_uris', 'jwks_uri'];
}
