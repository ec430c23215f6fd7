/** Compile-time tests of the public types. This file is compiled and never run. */
import { ClientCache, toHttp } from '../src/index.ts';
import type {
  ApiPromise,
  Client,
  Clientele,
  ClientInformation,
  ClientInput,
  Clients,
  DeleteResult,
  ErrorResponse,
  GetResult,
  RegisterRequest,
  RegisterResult,
  UnknownAction,
  UpdateRequest,
  ResolvedClient,
  ResolveResult,
  ServicePatch,
  ServiceResponse,
  ServiceSettings,
  UpdateResult,
  VerifySecretResult,
} from '../src/index.ts';

/** The compiler treats these two function types as equal only if `A` and `B` are identical. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

declare function check(...values: unknown[]): void;

declare const registered: RegisterResult;
declare const found: GetResult;
declare const updated: UpdateResult;
declare const deleted: DeleteResult;

// The action determines the other members of a result.

if (registered.action === 'CREATED') {
  check(true satisfies Same<typeof registered.content, ClientInformation>);
  check(true satisfies Same<typeof registered.content.registration_access_token, string>);
  check(true satisfies Same<typeof registered.client.clientId, number>);
  check(true satisfies Same<typeof registered.client.clientName, string | undefined>);
} else if (registered.action === 'BAD_REQUEST' || registered.action === 'UNAUTHORIZED') {
  check(true satisfies Same<typeof registered.content, ErrorResponse>);
  check(true satisfies Same<typeof registered.responseContent, string>);
  // @ts-expect-error A refused request has no client.
  check(registered.client);
} else if (registered.action === 'INTERNAL_SERVER_ERROR') {
  check(true satisfies Same<typeof registered.content.error_description, string | undefined>);
} else {
  check(true satisfies Same<typeof registered.action, UnknownAction>);
  check(registered.action satisfies string);
  check(true satisfies Same<typeof registered.content, unknown>);
}

switch (updated.action) {
  case 'UPDATED':
    check(true satisfies Same<typeof updated.content, ClientInformation>);
    break;
  case 'BAD_REQUEST':
  case 'UNAUTHORIZED':
  case 'INTERNAL_SERVER_ERROR':
    check(true satisfies Same<typeof updated.content, ErrorResponse>);
    break;
  default:
    check(true satisfies Same<typeof updated.content, unknown>);
}

if (deleted.action === 'DELETED') {
  // @ts-expect-error The result has no content if the client was deleted.
  check(deleted.content);
}

// @ts-expect-error The content is client information only after a check of the action.
check(registered.content.client_id);

// Each operation has only its documented actions.

// @ts-expect-error Register has no action UPDATED.
check(registered.action === 'UPDATED');
// @ts-expect-error Get has no action CREATED.
check(found.action === 'CREATED');
// @ts-expect-error Update has no action OK.
check(updated.action === 'OK');
// @ts-expect-error Delete has no action OK.
check(deleted.action === 'OK');

for (const result of [registered, found, updated, deleted]) {
  check(true satisfies Same<typeof result.resultCode, string>);
  check(toHttp(result));
}

// Requests

export const registrations: RegisterRequest[] = [
  { metadata: {} },
  { metadata: { client_name: 'x', 'client_name#ja': 'x', grant_types: ['authorization_code', 'urn:example:new'] } },
  { metadata: { client_name: 'x' }, token: undefined },
  { json: '{}', token: 'i' },
  // @ts-expect-error The value must be a list of strings.
  { metadata: { redirect_uris: 'https://app.example/cb' } },
  // @ts-expect-error clientName is a property of Authlete's Client, not a member of client metadata.
  { metadata: { clientName: 'x' } },
  // @ts-expect-error contacts is a list and has no language tags (RFC 7591 section 2.2).
  { metadata: { 'contacts#ja': 'x' } },
  // @ts-expect-error Only an update has a client_id.
  { metadata: { client_id: '1' } },
  // @ts-expect-error A request has metadata or json, not both.
  { metadata: {}, json: '{}' },
  // @ts-expect-error A request must have metadata or json.
  { token: 'i' },
];

declare const information: ClientInformation;
const reference = { clientId: '904520', token: 't' };

export const updates: UpdateRequest[] = [
  { ...reference, metadata: information },
  { ...reference, metadata: { ...information, client_name: 'y', redirect_uris: ['https://app.example/cb'] } },
  { ...reference, clientId: 904520, metadata: { client_id: '904520', client_secret: 's', contacts: [] } },
  { ...reference, json: '{}' },
  // @ts-expect-error A request has metadata or json, not both.
  { ...reference, metadata: {}, json: '{}' },
  // @ts-expect-error The metadata is missing.
  { ...reference },
  // @ts-expect-error The registration access token is missing.
  { clientId: 1, metadata: { client_id: '1' } },
];

// Clients

declare const resolved: ResolveResult;
declare const verified: VerifySecretResult;
declare const clients: Clients;

if (resolved.action === 'OK') {
  check(true satisfies Same<typeof resolved.metadata.client_id, string>);
  check(true satisfies Same<typeof resolved.resources, string[] | undefined>);
  // @ts-expect-error The metadata never has a secret.
  check(resolved.metadata.client_secret satisfies string);
} else if (resolved.action === 'NOT_MODIFIED') {
  check(true satisfies Same<typeof resolved.maxAge, number>);
} else if (resolved.action === 'UNAVAILABLE') {
  check(true satisfies Same<typeof resolved.retryAfter, number>);
} else if (resolved.action !== 'NOT_FOUND' && resolved.action !== 'LOCKED') {
  check(true satisfies Same<typeof resolved.action, UnknownAction>);
}
// @ts-expect-error Resolve has no action INVALID.
check(resolved.action === 'INVALID');

if (verified.action === 'OK') check(true satisfies Same<typeof verified.expiresAt, number>);
// @ts-expect-error VerifySecret has no action NOT_MODIFIED.
check(verified.action === 'NOT_MODIFIED');

check(clients.get('904520') satisfies ApiPromise<Client>);
check(clients.put(1, {}, { ifMatch: new Headers().get('etag') }));
check(clients.delete('app', { ifMatch: '"v1"' }));
check(clients.patch(1, { clientName: null, extension: { requestableScopes: null }, contacts: ['a'] }));
// @ts-expect-error The value must be a list of strings.
check(clients.patch(1, { contacts: 'a' }));
check(clients.list({ locked: true, source: 'NEW_SOURCE' }) satisfies AsyncIterable<Client>);
// @ts-expect-error A time is a number.
check(clients.list({ usedBefore: '2026-01-01' }));
// @ts-expect-error Only a change has a condition.
check(clients.get(1, { ifMatch: '"v1"' }));

export const inputs: ClientInput[] = [
  {},
  { clientName: 'x', redirectUris: ['https://app.example/cb'], clientSecret: 's' },
  // @ts-expect-error The value must be a list of strings.
  { redirectUris: 'https://app.example/cb' },
];

export const cached: Promise<ResolvedClient | undefined> = new ClientCache(clients, { maxAge: undefined }).resolve('a');

// Services

declare const clientele: Clientele;
declare const service: ServiceResponse;

check(true satisfies Same<typeof service.apiKey, number>);
check(clientele.services.list() satisfies AsyncIterable<ServiceResponse>);
check(
  clientele.services.update(1, service, { ifMatch: new Headers().get('etag') }) satisfies ApiPromise<ServiceResponse>,
);
// @ts-expect-error A token needs rights.
check(clientele.accessTokens.create({ label: 'a' }));

export const settings: ServiceSettings[] = [
  {},
  { serviceName: 'x', supportedScopes: [{ name: 'openid' }], tokenEndpoint: 'https://as.example/token' },
  // @ts-expect-error The value must be a list of strings.
  { supportedAcrs: 'a' },
  // @ts-expect-error The setting has no such value.
  { protocolRegistration: 'ANYBODY' },
];

export const patches: ServicePatch[] = [
  { supportedAcrs: null, tokenEndpoint: null, serviceName: 'x' },
  // @ts-expect-error The value must be a list of strings.
  { supportedAcrs: 'a' },
];
