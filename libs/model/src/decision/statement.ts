import { isEmpty, type JsonObject, type ReadObject } from '../metadata/json.ts';
import type { RegistrationSettings } from '../metadata/registration-settings.ts';
import { KEY_SOURCES } from '../rules/key-sources.ts';
import { quote } from '../text/quote.ts';
import { ISSUED_MEMBERS } from '../responses/client-information.ts';
import { isUnknownTo } from './custom-members.ts';
import type { Source } from './decision.ts';
import type { Findings } from './findings.ts';

/** Claims about the statement itself (RFC 7519 section 4.1). */
const CLAIMS_OF_JWT = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'];

/** Claims that are not client metadata. */
const NOT_METADATA = new Set([...CLAIMS_OF_JWT, ...Object.keys(ISSUED_MEMBERS), 'software_statement']);

/** The claims of open banking directories, each with its member. A claim with the name of the member itself takes precedence. */
const DIRECTORY_CLAIMS: Readonly<Record<string, string>> = {
  software_client_name: 'client_name',
  software_client_uri: 'client_uri',
  software_logo_uri: 'logo_uri',
  software_policy_uri: 'policy_uri',
  software_tos_uri: 'tos_uri',
  software_jwks_uri: 'jwks_uri',
  software_jwks_endpoint: 'jwks_uri',
};

/** The claim with the allowed redirect URIs. A client that sends no redirect URIs gets all of them. */
const DIRECTORY_REDIRECT_URIS = 'software_redirect_uris';

/**
 * The members of a request with the claims of its verified software statement, which MUST take precedence. If the statement has a
 * member, the request's values of that member in other languages are dropped. Empty claims are ignored.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2.3
 */
export function withStatement(
  { members, inexact }: ReadObject,
  statement: ReadObject,
  sources: Record<string, Source>,
  settings: RegistrationSettings,
  findings: Findings,
): ReadObject {
  const claims = metadataIn(statement.members);
  const stated = new Set(Object.keys(claims).map(untagged));
  refuseOtherKeys(members, stated, findings);
  const allowed = statedRedirectUris(statement.members, findings);
  const merged: Record<string, unknown> = {};
  const lost = new Map(statement.inexact);
  const isUnknown = isUnknownTo(settings);
  for (const name of Object.keys(members)) {
    // A copy of thousands of members takes milliseconds. Unknown members are only needed if all findings are collected.
    if (stated.has(untagged(name)) || (!findings.all && isUnknown(name))) continue;
    merged[name] = members[name];
  }
  for (const [name, member] of inexact) {
    if (!stated.has(untagged(name))) lost.set(name, member);
  }
  for (const [name, value] of Object.entries(claims)) {
    merged[name] = value;
    sources[name] = 'statement';
  }
  if (allowed !== undefined && !stated.has('redirect_uris')) limitRedirectUris(merged, allowed, sources, findings);
  return { members: merged, inexact: lost };
}

/** The claims that are client metadata and not empty. */
function metadataIn(statement: JsonObject): Record<string, unknown> {
  const claims: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(statement)) {
    if (isEmpty(value) || NOT_METADATA.has(name)) continue;
    const member = Object.hasOwn(DIRECTORY_CLAIMS, name) ? DIRECTORY_CLAIMS[name] : undefined;
    if (member === undefined) claims[name] = value;
    else if (isEmpty(statement[member])) claims[member] = value;
  }
  return claims;
}

function untagged(name: string): string {
  const end = name.indexOf('#');
  return end === -1 ? name : name.slice(0, end);
}

/** Refuses keys outside of a statement that has keys. */
function refuseOtherKeys(members: JsonObject, stated: ReadonlySet<string>, findings: Findings): void {
  const source = KEY_SOURCES.find((name) => stated.has(name));
  if (source === undefined) return;
  for (const name of KEY_SOURCES) {
    if (stated.has(name) || isEmpty(members[name])) continue;
    findings.refuse({
      rule: 'statement-keys',
      members: [name],
      result: 'keysOutsideStatement',
      detail: `must not be present, because the software statement has ${source}; omit it.`,
    });
  }
}

/** The redirect URIs that a directory allows; `undefined` if the claim is missing or invalid. An invalid claim is refused. */
function statedRedirectUris(claims: JsonObject, findings: Findings): readonly unknown[] | undefined {
  const allowed = claims[DIRECTORY_REDIRECT_URIS];
  if (isEmpty(allowed)) return undefined;
  if (Array.isArray(allowed)) return allowed as unknown[];
  findings.refuse({
    rule: 'statement-redirect-uris',
    members: ['redirect_uris'],
    error: 'invalid_software_statement',
    result: 'listExpected',
    detail: 'cannot be compared with software_redirect_uris of the software statement, which is not a list of strings.',
  });
  return undefined;
}

function limitRedirectUris(
  merged: Record<string, unknown>,
  allowed: readonly unknown[],
  sources: Record<string, Source>,
  findings: Findings,
): void {
  const requested = merged.redirect_uris;
  if (isEmpty(requested)) {
    merged.redirect_uris = allowed;
    sources.redirect_uris = 'statement';
    return;
  }
  if (!Array.isArray(requested)) return;
  const known = new Set<unknown>(allowed);
  const at = requested.findIndex((uri) => !known.has(uri));
  if (at === -1) return;
  const uri: unknown = requested[at];
  findings.refuse({
    rule: 'statement-redirect-uris',
    members: [`redirect_uris[${at}]`],
    error: 'invalid_redirect_uri',
    result: 'redirectUriNotStated',
    detail: `${typeof uri === 'string' ? quote(uri) : 'the value'} is not in software_redirect_uris of the software statement; use one of those.`,
  });
}
