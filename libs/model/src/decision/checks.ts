import type { ClientMetadata } from '../metadata/client-metadata.ts';
import type { ClientFacts } from '../rules/client-facts.ts';
import { sectorMembers } from '../rules/subject-types.ts';
import { REDIRECT_URIS_PRESENT, redirectUrisMissing } from '../rules/redirect-uris-present.ts';
import type { RegistrationErrorCode } from '../wire/errors.ts';
import type { FindingResult } from '../wire/result-codes.ts';
import { findingOf, type Finding } from './finding.ts';

/** A question that needs I/O, or the comparison of a credential. */
export type Check =
  | CredentialCheck
  /** Whether an issuer that the service trusts signed the software statement. Present if its claims were not given. */
  | { readonly rule: 'software-statement'; readonly statement: string }
  /** Whether no other client of the service has the `software_id`. */
  | { readonly rule: 'software-id-unique'; readonly softwareId: string }
  /** Whether the registered client has this flow and no redirect URIs. Only an update on the API plane without redirect URIs has it. */
  | { readonly rule: 'redirect-uris-present'; readonly finding: Finding }
  /** Whether the document at `uri` is a list of all these URIs. */
  | SectorDocumentCheck;

export interface CredentialCheck {
  readonly rule: 'client-secret' | 'registration-access-token';
  /** The value that the client sent. Compare it in constant time. */
  readonly presented: string;
}

export interface SectorDocumentCheck {
  readonly rule: 'sector-identifier-document';
  readonly uri: string;
  /** The members, each with its URIs. */
  readonly listed: readonly (readonly [member: string, uris: readonly string[]])[];
}

/** The check of the document at `sector_identifier_uri`, if the client has one. */
export function sectorDocumentCheck(metadata: ClientMetadata): SectorDocumentCheck | undefined {
  const { sector_identifier_uri: uri } = metadata;
  if (uri === undefined) return undefined;
  const listed = sectorMembers(metadata).map((member) => [member, [metadata[member] ?? []].flat()] as const);
  return { rule: 'sector-identifier-document', uri, listed };
}

/**
 * Checks a document that was fetched; pass `undefined` if the fetch failed. The finding does not reveal why the fetch failed.
 *
 * @see https://openid.net/specs/openid-connect-registration-1_0.html#SectorIdentifierValidation
 */
export function judgeSectorDocument({ listed }: SectorDocumentCheck, document: unknown): Finding | undefined {
  const refused = (
    member: string,
    result: 'sectorDocumentUnusable' | 'sectorDocumentIncomplete',
    detail: string,
  ): Finding =>
    findingOf({
      rule: 'sector-identifier-document',
      members: [member, 'sector_identifier_uri'],
      result,
      detail,
    });
  if (!Array.isArray(document)) {
    return refused(
      'sector_identifier_uri',
      'sectorDocumentUnusable',
      'has no usable document; publish a JSON array of redirect URIs there.',
    );
  }
  const contained = new Set<unknown>(document);
  for (const [member, uris] of listed) {
    const at = uris.findIndex((uri) => !contained.has(uri));
    if (at === -1) continue;
    const position = member === 'redirect_uris' ? `redirect_uris[${at}]` : member;
    return refused(
      position,
      'sectorDocumentIncomplete',
      'is not in the document at sector_identifier_uri; add it there.',
    );
  }
  return undefined;
}

/** The finding for a wrong credential. It never repeats the value. */
export function wrongCredential(rule: CredentialCheck['rule']): Finding {
  return rule === 'client-secret'
    ? findingOf({ rule, members: ['client_secret'], result: 'clientSecretWrong' })
    : findingOf({
        rule,
        members: ['registration_access_token'],
        result: 'issuedMemberWrong',
        detail: 'is not the issued value; omit the member.',
      });
}

/** The finding for a software statement that the service does not trust. */
export function untrustedStatement(error: RegistrationErrorCode, result: FindingResult): Finding {
  return findingOf({ rule: 'software-statement', members: ['software_statement'], error, result });
}

/** The finding for a `software_id` that another client has. */
export function softwareIdTaken(): Finding {
  return findingOf({
    rule: 'software-id-unique',
    members: ['software_id'],
    result: 'softwareIdTaken',
  });
}

/** The check whether an update sends back the default flow of its client. */
export function registeredFlowCheck(client: ClientFacts): Check {
  const { error, result, members, detail } = redirectUrisMissing(client);
  const { id, specification } = REDIRECT_URIS_PRESENT;
  return {
    rule: 'redirect-uris-present',
    finding: findingOf({ rule: id, specification, members, result, detail, ...(error && { error }) }),
  };
}

/** Whether an update does not change the flow of a client that has no redirect URIs. */
export function keepsFlow(registered: ClientMetadata, metadata: ClientMetadata): boolean {
  return (
    registered.redirect_uris === undefined &&
    isSameList(registered.grant_types, metadata.grant_types) &&
    isSameList(registered.response_types, metadata.response_types)
  );
}

function isSameList(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return one.length === other.length && one.every((value, i) => value === other[i]);
}
