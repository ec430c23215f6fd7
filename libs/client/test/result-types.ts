/** Compile-time tests of the public types. Nothing here runs: what is wrong, the compiler says. */
import { toHttp } from '../src/index.ts';
import type {
  ClientInformation,
  DeleteResult,
  ErrorResponse,
  GetResult,
  RegisterRequest,
  RegisterResult,
  UnknownAction,
  UpdateRequest,
  UpdateResult,
} from '../src/index.ts';

/** The compiler takes two such functions for one only if it takes the types for one. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

declare function check(...values: unknown[]): void;

declare const registered: RegisterResult;
declare const found: GetResult;
declare const updated: UpdateResult;
declare const deleted: DeleteResult;

// An action tells what else a result has.

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
  // @ts-expect-error A deleted client has no content.
  check(deleted.content);
}

// @ts-expect-error Only the action tells that there is client information.
check(registered.content.client_id);

// Each operation ends with the actions that it documents.

// @ts-expect-error Registering does not end with UPDATED.
check(registered.action === 'UPDATED');
// @ts-expect-error Getting does not end with CREATED.
check(found.action === 'CREATED');
// @ts-expect-error Updating does not end with OK.
check(updated.action === 'OK');
// @ts-expect-error Deleting does not end with OK.
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
  // @ts-expect-error A list of strings.
  { metadata: { redirect_uris: 'https://app.example/cb' } },
  // @ts-expect-error Authlete's name of a member.
  { metadata: { clientName: 'x' } },
  // @ts-expect-error Of a name, not of a list, there is one for each language.
  { metadata: { 'contacts#ja': 'x' } },
  // @ts-expect-error Only an update has one.
  { metadata: { client_id: '1' } },
  // @ts-expect-error Either the one or the other.
  { metadata: {}, json: '{}' },
  // @ts-expect-error One of them.
  { token: 'i' },
];

declare const information: ClientInformation;
const reference = { clientId: '904520', token: 't' };

export const updates: UpdateRequest[] = [
  { ...reference, metadata: information },
  { ...reference, metadata: { ...information, client_name: 'y', redirect_uris: ['https://app.example/cb'] } },
  { ...reference, clientId: 904520, metadata: { client_id: '904520', client_secret: 's', contacts: [] } },
  { ...reference, json: '{}' },
  // @ts-expect-error Either the one or the other.
  { ...reference, metadata: {}, json: '{}' },
  // @ts-expect-error The metadata is missing.
  { ...reference },
  // @ts-expect-error The registration access token is missing.
  { clientId: 1, metadata: { client_id: '1' } },
];
