import type { Client } from '@clientele/model/metadata';
import { HEADERS, SERVICE_ID, type TestServer } from './server.ts';

/** The metadata of a client, for tests that are about something else. */
export const CLIENT = { clientName: 'Static', redirectUris: ['https://static.example.org/cb'] };

export const MERGE_PATCH = { 'content-type': 'application/merge-patch+json' };

type Body = Client & { resultCode?: string; resultMessage?: string };
type Headers = Readonly<Record<string, string>>;

/** The calls of an administrator below `client/`. */
export function clientCallsOf(server: () => TestServer) {
  const raw = async (method: string, path: string, text?: string, headers: Headers = {}) => {
    const response = await fetch(`${server().baseUrl}/api/${SERVICE_ID}/client/${path}`, {
      method,
      headers: { ...HEADERS, ...headers },
      ...(text !== undefined && { body: text }),
    });
    const received = await response.text();
    const etag = response.headers.get('etag') ?? '';
    return { status: response.status, etag, body: (received === '' ? {} : JSON.parse(received)) as Body };
  };
  const call = (method: string, path: string, body?: unknown, headers?: Headers) =>
    raw(method, path, body === undefined ? undefined : JSON.stringify(body), headers);
  return {
    raw,
    call,
    create: async (client: object = CLIENT) => (await call('POST', 'create', client)).body,
    get: (identifier: string | number) => call('GET', at('get', identifier)),
    put: (identifier: string, client: object, headers?: Headers) =>
      call('PUT', encodeURIComponent(identifier), client, headers),
    update: (identifier: string | number, client: unknown, headers?: Headers) =>
      call('POST', at('update', identifier), client, headers),
    patch: (identifier: string | number, changes: unknown, headers?: Headers) =>
      call('PATCH', at('update', identifier), changes, { ...MERGE_PATCH, ...headers }),
  };
}

/** The path of an operation on a client. */
export function at(operation: string, identifier: string | number): string {
  return `${operation}/${encodeURIComponent(identifier)}`;
}

let last = 0;

/** An identifier that no other test uses. */
export function fresh(prefix = 'client-'): string {
  return `${prefix}${++last}`;
}
