import type { OutgoingHttpHeaders } from 'node:http';
import type { ClientInformation, ErrorResponse } from '@clientele/model/metadata';
import type { RawAnswer } from './http.ts';
import { SERVICE_ID, type TestServer } from './server.ts';

/** A response of the protocol plane. */
export interface ProtocolAnswer extends RawAnswer {
  /** The parsed body; an empty object if there is none. */
  readonly body: ClientInformation & ErrorResponse;
}

/** The smallest metadata that the protocol plane accepts. */
export const MINIMAL = { redirect_uris: ['https://client.example.org/callback'] };

/** Path of the client registration endpoint, or of a client configuration endpoint. */
export function registerPath(clientId?: number | string, serviceId: number | string = SERVICE_ID): string {
  return `/connect/${serviceId}/register${clientId === undefined ? '' : `/${clientId}`}`;
}

/** The calls of client applications to the protocol plane. */
export function protocolOf(server: TestServer) {
  const send = async (
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    body?: string | Buffer,
  ): Promise<ProtocolAnswer> => {
    // Node sends Content-Length only for methods that usually have a body.
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const response = await server.send({ method, path, headers: { ...length, ...headers }, body });
    return { ...response, body: JSON.parse(response.text || '{}') as ProtocolAnswer['body'] };
  };
  const json = { 'content-type': 'application/json' };
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  return {
    send,
    register: (metadata: unknown = MINIMAL, headers: OutgoingHttpHeaders = {}) =>
      send('POST', registerPath(), { ...json, ...headers }, textOf(metadata)),
    read: (clientId: number | string, token: string, headers: OutgoingHttpHeaders = {}) =>
      send('GET', registerPath(clientId), { ...bearer(token), ...headers }),
    update: (clientId: number | string, token: string, metadata: unknown, headers: OutgoingHttpHeaders = {}) =>
      send('PUT', registerPath(clientId), { ...json, ...bearer(token), ...headers }, textOf(metadata)),
    delete: (clientId: number | string, token: string, headers: OutgoingHttpHeaders = {}) =>
      send('DELETE', registerPath(clientId), { ...bearer(token), ...headers }),
  };
}

function textOf(metadata: unknown): string {
  return typeof metadata === 'string' ? metadata : JSON.stringify(metadata);
}
