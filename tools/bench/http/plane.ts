import { ORDINARY_DOCUMENT } from '../documents.ts';
import type { KnownClient } from './client-pool.ts';
import { ACCESS_TOKEN, SERVICE_ID } from './server-process.ts';

export const OPERATIONS = ['update', 'get', 'register', 'delete'] as const;

export type Operation = (typeof OPERATIONS)[number];

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

/** How the operations are called, and answered, somewhere. */
export interface Plane {
  readonly register: () => Call;
  readonly of: (operation: Exclude<Operation, 'register'>, client: KnownClient) => Call;
  /** Whether this is how it is answered when all is well. */
  readonly isSuccess: (operation: Operation, status: number, body: string) => boolean;
  /** The client that a successful registration or update has answered with. */
  readonly clientIn: (body: string) => KnownClient;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** The API plane: every call is a POST with an envelope, and answered with an action. */
export function apiPlane(document = ORDINARY_DOCUMENT): Plane {
  const base = `/api/${SERVICE_ID}/client/registration`;
  const actions = { update: 'UPDATED', get: 'OK', register: 'CREATED', delete: 'DELETED' } as const;
  const call = (path: string, body: string): Call => ({
    method: 'POST',
    path: `${base}${path}`,
    headers: { authorization: `Bearer ${ACCESS_TOKEN}`, ...JSON_TYPE },
    body,
  });
  const newClient = JSON.stringify({ json: document });
  // The text of the document within the text of the envelope: escaped once, not for every call.
  const members = JSON.stringify(`,${document.slice(1)}`).slice(1);
  return {
    register: () => call('', newClient),
    of: (operation, { clientId, token }) => {
      const json = operation === 'update' ? `,"json":"{\\"client_id\\":\\"${clientId}\\"${members}` : '';
      return call(`/${operation}`, `{"clientId":"${clientId}","token":"${token}"${json}}`);
    },
    isSuccess: (operation, status, body) => status === 200 && body.includes(`"action":"${actions[operation]}"`),
    clientIn: (body) => clientInformation((JSON.parse(body) as { responseContent: string }).responseContent),
  };
}

/** The protocol plane: RFC 7591 at the client registration endpoint, RFC 7592 at the client configuration endpoints below it. */
export function protocolPlane(endpoint = `/connect/${SERVICE_ID}/register`, document = ORDINARY_DOCUMENT): Plane {
  const methods = { update: 'PUT', get: 'GET', delete: 'DELETE' } as const;
  const statuses = { update: 200, get: 200, register: 201, delete: 204 } as const;
  return {
    register: () => ({ method: 'POST', path: endpoint, headers: { ...JSON_TYPE }, body: document }),
    of: (operation, { clientId, token }) => ({
      method: methods[operation],
      path: `${endpoint}/${clientId}`,
      headers: { authorization: `Bearer ${token}`, ...(operation === 'update' && JSON_TYPE) },
      body: operation === 'update' ? `{"client_id":"${clientId}",${document.slice(1)}` : undefined,
    }),
    isSuccess: (operation, status) => status === statuses[operation],
    clientIn: clientInformation,
  };
}

function clientInformation(json: string): KnownClient {
  const { client_id, registration_access_token } = JSON.parse(json) as Record<string, string>;
  return { clientId: client_id ?? '', token: registration_access_token ?? '' };
}
