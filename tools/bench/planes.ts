import type { Response } from './connection.ts';

export type Registration = 'update' | 'get' | 'register';
export type Lookup = 'resolve' | 'find' | 'verify';
export type Operation = Registration | Lookup;

/** A registered client, as its caller knows it. */
export type KnownClient = Readonly<{ clientId: string; token: string; secret: string }>;

export const SERVICE_ID = '1';
export const ACCESS_TOKEN = 'an-api-access-token-for-benchmarks';

let softwareVersion = 1_000;
const ACTIONS: Readonly<Record<Operation, string>> = {
  update: '"action":"UPDATED"',
  get: '"action":"OK"',
  register: '"action":"CREATED"',
  resolve: '"action":"OK"',
  find: '"clientId":',
  verify: '"action":"OK"',
};

/** The requests of each operation, and whether a response is a success. */
export type Plane = Readonly<Record<Registration, (client: KnownClient, json: string) => string>> &
  Readonly<Partial<Record<Lookup, (client: KnownClient) => string>>> & {
    isSuccess: (operation: Operation, response: Response) => boolean;
  };

/** Authlete's API, which Clientele and the floor have: an envelope for each request and each response. */
export const API: Plane = {
  register: (_client, json) => apiRequest('registration', { json }),
  get: ({ clientId, token }) => apiRequest('registration/get', { clientId, token }),
  update: (client, json) =>
    apiRequest('registration/update', { clientId: client.clientId, token: client.token, json: withId(client, json) }),
  resolve: ({ clientId }) => apiRequest('resolve', { clientId }),
  find: ({ clientId }) => request('GET', `/api/${SERVICE_ID}/client/get/${clientId}`, ACCESS_TOKEN),
  verify: ({ clientId, secret }) => apiRequest(`secret/verify/${clientId}`, { clientSecret: secret }),
  isSuccess: (operation, { status, body }) => status === 200 && body.includes(ACTIONS[operation]),
};

/** RFC 7591 and RFC 7592, at the addresses of oidc-provider. */
export const PROTOCOL: Plane = {
  register: (_client, json) => request('POST', '/reg', undefined, json),
  get: ({ clientId, token }) => request('GET', `/reg/${clientId}`, token),
  update: (client, json) => request('PUT', `/reg/${client.clientId}`, client.token, withId(client, json)),
  isSuccess: (operation, { status }) => status === (operation === 'register' ? 201 : 200),
};

function apiRequest(path: string, body: object): string {
  return request('POST', `/api/${SERVICE_ID}/client/${path}`, ACCESS_TOKEN, JSON.stringify(body));
}

function request(method: string, path: string, token: string | undefined, body = ''): string {
  const head = [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1'];
  if (token !== undefined) head.push(`Authorization: Bearer ${token}`);
  if (body !== '') head.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`);
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** Each update changes the version of the software: an update without a change might cost less. */
function withId({ clientId }: KnownClient, json: string): string {
  softwareVersion += 1;
  return `{"client_id":"${clientId}","software_version":"${softwareVersion}",${json.slice(1)}`;
}

/** The client in a client information response, which the API has in an envelope. */
export function clientIn({ body }: Response): KnownClient {
  const { responseContent } = JSON.parse(body.toString()) as { responseContent?: string };
  const information = JSON.parse(responseContent ?? body.toString()) as Record<string, string>;
  return {
    clientId: information.client_id!,
    token: information.registration_access_token!,
    secret: information.client_secret ?? '',
  };
}
