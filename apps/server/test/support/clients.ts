import { hashToken } from '../../src/crypto/token.ts';
import type { ClientInformation, RegistrationResponse } from '@clientele/model/metadata';
import { MINIMAL } from './protocol.ts';

export const SERVICE_ID = '986126671';
export const ACCESS_TOKEN = 'an-api-access-token-for-all-tests';

/** Settings with which the first server on a store creates the service and the token of these calls. */
export const FIRST_START = { BOOTSTRAP_SERVICE_ID: SERVICE_ID, BOOTSTRAP_ACCESS_TOKEN: ACCESS_TOKEN } as const;

/** The hash of the token of these calls in `api_access_token`. */
export const ACCESS_TOKEN_HASH = hashToken(ACCESS_TOKEN);

export interface KnownClient {
  readonly clientId: string;
  readonly token: string;
  readonly secret: string | undefined;
}

/** On a persistent connection, a stopping server would wait for another request. */
const CLOSE_CONNECTION = { connection: 'close' } as const;

async function call(baseUrl: string, operation: string, body: object): Promise<string> {
  const response = await fetch(`${baseUrl}/api/${SERVICE_ID}/client/registration${operation}`, {
    method: 'POST',
    headers: { ...CLOSE_CONNECTION, authorization: `Bearer ${ACCESS_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.text();
}

/** Registers a client; throws unless it was created. */
export async function register(baseUrl: string, metadata: object = {}): Promise<KnownClient> {
  const response = JSON.parse(await call(baseUrl, '', { json: JSON.stringify(metadata) })) as RegistrationResponse;
  if (response.action !== 'CREATED') throw new Error(response.resultMessage);
  const information = JSON.parse(response.responseContent) as ClientInformation;
  return {
    clientId: information.client_id,
    token: information.registration_access_token,
    secret: information.client_secret,
  };
}

/** Calls a function for each item, 20 at a time, because a server refuses requests beyond its limit. */
export async function inBatches<T, Result>(
  items: readonly T[],
  call: (item: T, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  while (results.length < items.length) {
    const start = results.length;
    const batch = items.slice(start, start + 20);
    results.push(...(await Promise.all(batch.map((item, index) => call(item, start + index)))));
  }
  return results;
}

/** Registers many clients with different metadata. */
export async function registerMany(baseUrl: string, count: number): Promise<readonly KnownClient[]> {
  return inBatches(Array.from({ length: count }), (_client, index) => register(baseUrl, metadataOf(index)));
}

function metadataOf(index: number): object {
  return {
    client_name: `Client ${index}`,
    'client_name#ja': `クライアント "${index}" \\ 😀`,
    // Client names cannot contain a line separator.
    vp_formats_supported: { jwt_vp_json: { note: `"${index}" \\ \u2028 😀` } },
    software_id: `software ${index % 7}`,
    ...(index % 3 === 0 ? { token_endpoint_auth_method: 'none' } : { default_max_age: index }),
  };
}

/** The exact response to a get; throws unless the client was found. */
export async function getAnswer(baseUrl: string, { clientId, token }: KnownClient): Promise<string> {
  const text = await call(baseUrl, '/get', { clientId, token });
  if ((JSON.parse(text) as RegistrationResponse).action !== 'OK') throw new Error(text);
  return text;
}

/** Updates a client; throws unless it was updated. */
export async function update(baseUrl: string, { clientId, token }: KnownClient, metadata: object): Promise<void> {
  const json = JSON.stringify({ ...metadata, client_id: clientId });
  const text = await call(baseUrl, '/update', { clientId, token, json });
  if ((JSON.parse(text) as RegistrationResponse).action !== 'UPDATED') throw new Error(text);
}

/** Registers at the client registration endpoint with an idempotency key. Returns the exact response; throws unless 201. */
export async function registerOnce(
  baseUrl: string,
  idempotencyKey: string,
  { metadata = MINIMAL, initialAccessToken }: { readonly metadata?: object; readonly initialAccessToken?: string } = {},
): Promise<string> {
  const response = await fetch(`${baseUrl}/connect/${SERVICE_ID}/register`, {
    method: 'POST',
    headers: {
      ...CLOSE_CONNECTION,
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
      ...(initialAccessToken !== undefined && { authorization: `Bearer ${initialAccessToken}` }),
    },
    body: JSON.stringify(metadata),
  });
  const text = await response.text();
  if (response.status !== 201) throw new Error(text);
  return text;
}

/** Makes the service require initial access tokens, and returns one that can be used many times. */
export async function requireInitialAccessToken(baseUrl: string): Promise<string> {
  const post = async (path: string, body: object): Promise<{ initialAccessToken: string }> => {
    const response = await fetch(`${baseUrl}/api/${SERVICE_ID}${path}`, {
      method: 'POST',
      headers: { ...CLOSE_CONNECTION, authorization: `Bearer ${ACCESS_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as { initialAccessToken: string };
  };
  await post('/service/update', { protocolRegistration: 'INITIAL_ACCESS_TOKEN' });
  return (await post('/initial_access_token/create', { uses: 1_000_000 })).initialAccessToken;
}
