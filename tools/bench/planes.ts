import type { Response } from './connection.ts';

export type Operation = 'update' | 'get' | 'register';

export const SERVICE_ID = '1';
export const ACCESS_TOKEN = 'an-api-access-token-for-benchmarks';

/** What a caller knows of a client that it registered. */
export interface KnownClient {
  readonly clientId: string;
  readonly token: string;
}

/** How the operations are requested, and what successful responses have. */
export interface Plane {
  readonly register: (document: string) => string;
  readonly get: (client: KnownClient) => string;
  readonly update: (client: KnownClient, document: string) => string;
  readonly success: Readonly<Record<Operation, { readonly status: number; readonly text: string }>>;
  readonly clientInformation: (body: string) => string;
}

/** Authlete's API, which Clientele and the floor have: an envelope for each request and each response. */
export const API: Plane = {
  register: (document) => apiRequest('', { json: document }),
  get: ({ clientId, token }) => apiRequest('/get', { clientId, token }),
  update: ({ clientId, token }, document) =>
    apiRequest('/update', { clientId, token, json: withClientId(document, clientId) }),
  success: {
    register: { status: 200, text: '"action":"CREATED"' },
    get: { status: 200, text: '"action":"OK"' },
    update: { status: 200, text: '"action":"UPDATED"' },
  },
  clientInformation: (body) => (JSON.parse(body) as { responseContent: string }).responseContent,
};

/** RFC 7591 and RFC 7592, at the addresses of oidc-provider. */
export const PROTOCOL: Plane = {
  register: (document) => request('POST', '/reg', undefined, document),
  get: ({ clientId, token }) => request('GET', `/reg/${clientId}`, token),
  update: ({ clientId, token }, document) =>
    request('PUT', `/reg/${clientId}`, token, withClientId(document, clientId)),
  success: {
    register: { status: 201, text: '"client_id":' },
    get: { status: 200, text: '"client_id":' },
    update: { status: 200, text: '"client_id":' },
  },
  clientInformation: (body) => body,
};

function apiRequest(path: string, body: object): string {
  return request('POST', `/api/${SERVICE_ID}/client/registration${path}`, ACCESS_TOKEN, JSON.stringify(body));
}

function request(method: string, path: string, token: string | undefined, body = ''): string {
  const head = [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1'];
  if (token !== undefined) head.push(`Authorization: Bearer ${token}`);
  if (body !== '') head.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`);
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function withClientId(document: string, clientId: string): string {
  return `{"client_id":"${clientId}",${document.slice(1)}`;
}
