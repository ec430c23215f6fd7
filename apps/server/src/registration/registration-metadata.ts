import {
  ISSUED_MEMBERS,
  readClientMetadata,
  readJsonObject,
  toMetadata,
  type ClientMetadata,
  type JsonObject,
} from '@clientele/model/metadata';
import type { Service } from '../service/service.ts';
import { equalSecrets } from '../token.ts';
import type { StoredClient } from '../store/client-store.ts';
import { readChoices, withChoices } from './choices.ts';
import { checkSupported, completed, narrowed, withoutUnknown } from './policy.ts';
import { invalidMetadata, invalidRedirectUri, RegistrationError } from './registration-error.ts';
import type { IssuedMembers } from './registration-responses.ts';
import { checkRules } from './rules/index.ts';

/** Reads the text that the client application sent: one JSON object, its members unchecked. */
export function readRequest(json: string): JsonObject {
  const read = readJsonObject(json);
  if ('problem' in read) throw invalidMetadata(read.problem.resultCode, read.problem.parameters);
  return read.object;
}

/** What a request registers. */
export interface RequestedMetadata {
  readonly metadata: ClientMetadata;
  /** Members that only this service knows (`supportedCustomClientMetadata`). */
  readonly custom: JsonObject;
  /** The software statement, as it was sent; verified. */
  readonly softwareStatement: string | undefined;
}

/** The client that an update replaces. */
type Registered = Pick<StoredClient, 'properties'>;

/**
 * The client metadata in a request: each member checked, completed with defaults, checked by the rules and by what the service
 * supports. Unknown members are ignored (RFC 7591 section 2), except those that the service lists. `registered` is what an
 * update replaces; it counts only where the request `mayDependOnRegistered`.
 */
export function readMetadata(service: Service, request: JsonObject, registered?: Registered): RequestedMetadata {
  const { request: settled, choices } = readChoices(withoutUnknown(service, request));
  const read = readClientMetadata(settled);
  if ('broken' in read) {
    const { error, resultCode, description } = read.broken;
    throw new RegistrationError(error, resultCode, description);
  }
  checkRedirectUrisPresent(read.metadata, registered);
  const metadata = completed(service, withChoices(service, narrowed(service, read.metadata), choices));
  checkRules(metadata);
  checkSupported(service, metadata);
  const { software_statement: statement } = request;
  return {
    metadata,
    custom: customMembers(service, request),
    softwareStatement: typeof statement === 'string' && statement !== '' ? statement : undefined,
  };
}

/**
 * A client that asks for a flow with redirection MUST register its redirect URIs. Authlete: one that names no flow at all need
 * not, although authorization_code is its default.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2
 */
function checkRedirectUrisPresent(metadata: ClientMetadata, registered: Registered | undefined): void {
  if (metadata.redirect_uris === undefined && redirects(metadata) && !isFlowOf(registered, metadata)) {
    throw invalidRedirectUri('memberMissing', {
      member: 'redirect_uris',
      expected: 'the client asks for a flow with redirection.',
    });
  }
}

/** Whether a flow with redirection is asked for. */
function redirects({ grant_types, response_types }: ClientMetadata): boolean {
  return grant_types?.some(isRedirectingGrant) ?? response_types?.some(isRedirectingResponse) ?? false;
}

function isRedirectingGrant(type: unknown): boolean {
  return type === 'authorization_code' || type === 'implicit';
}

function isRedirectingResponse(type: unknown): boolean {
  return type !== 'none';
}

/**
 * Whether what is registered may decide on a request, whose members are unchecked: it may ask for a flow with redirection, and
 * does not say where to. Nearly none does, so what is registered need not be looked up for the others.
 */
export function mayDependOnRegistered({ redirect_uris, grant_types, response_types }: JsonObject): boolean {
  if (Array.isArray(redirect_uris) && redirect_uris.length > 0) return false;
  return (
    (Array.isArray(grant_types) && grant_types.some(isRedirectingGrant)) ||
    (Array.isArray(response_types) && response_types.some(isRedirectingResponse))
  );
}

/**
 * Whether an update names the very flow that the client has been registered with, without redirect URIs: it sends back the
 * defaults of a client that named no flow, and asks for nothing new.
 */
function isFlowOf(client: Registered | undefined, { grant_types, response_types }: ClientMetadata): boolean {
  if (client === undefined) return false;
  const registered = toMetadata(client.properties);
  return (
    registered.redirect_uris === undefined &&
    isSameList(grant_types, registered.grant_types) &&
    isSameList(response_types, registered.response_types)
  );
}

function isSameList(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return one.length === other.length && one.every((value, i) => value === other[i]);
}

function customMembers({ supportedCustomClientMetadata: names = [] }: Service, request: JsonObject): JsonObject {
  const members = names.filter((name) => Object.hasOwn(request, name) && !isAbsent(request[name]));
  return Object.fromEntries(members.map((name) => [name, request[name]]));
}

/**
 * Refuses an update that does not say which client it is for, or that carries other values than the server issued. RFC 7592
 * section 2.2: `client_id` MUST be there and be the client's; `client_secret` MUST be the current one, a client cannot
 * choose its own; the other four members MUST NOT be there. Authlete: those four are harmless when they are as issued.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2
 */
export function checkIssuedMembers(request: JsonObject, issued: IssuedMembers): void {
  const { client_id: clientId, client_secret: clientSecret } = request;
  if (isAbsent(clientId)) throw invalidMetadata('clientIdMissing');
  if (clientId !== issued.client_id) throw invalidMetadata('clientIdWrong');
  if (!isAbsent(clientSecret) && !isIssued(clientSecret, issued.client_secret))
    throw invalidMetadata('clientSecretWrong');
  for (const member of Object.keys(ISSUED_MEMBERS) as (keyof typeof ISSUED_MEMBERS)[]) {
    const value = request[member];
    if (!isAbsent(value) && !isIssued(value, issued[member])) {
      throw invalidMetadata('issuedMemberWrong', { member });
    }
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function isIssued(value: unknown, issued: string | number | undefined): boolean {
  if (typeof value === 'string' && typeof issued === 'string') return equalSecrets(value, issued);
  return value === issued;
}
