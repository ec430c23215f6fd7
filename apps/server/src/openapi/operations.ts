import type { Schema } from './metadata-schema.ts';

/** One thing that can be asked of the server. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly security?: 'apiAccessToken' | 'registrationAccessToken' | 'initialAccessToken';
  readonly query?: Readonly<Record<string, Schema>>;
  /** The schema of the body by name, and the media types that it may be sent in. */
  readonly body?: { readonly schema: string; readonly form?: boolean };
  /** The answer when all went well: its schema by name, or its media type where it is not JSON. */
  readonly success: { readonly status: number; readonly schema?: string; readonly type?: string };
  /** Statuses of the other answers, beyond those of every operation with the same tag. */
  readonly failures?: readonly number[];
}

export const TAGS = {
  'Client registration API':
    "Authlete's API for authorization servers. HTTP 200 with an `action` says what to answer the client application; other statuses say that the call itself was wrong.",
  'Services and tokens': 'What a service demands of its clients, and who may register them.',
  'Protocol plane': 'What client applications call themselves: RFC 7591, RFC 7592 and discovery.',
  Operation: 'What orchestrators and monitoring ask. No credentials are needed.',
} as const;

export type Tag = keyof typeof TAGS;

const API = '/api/{serviceId}';
const REGISTRATION = `${API}/client/registration`;
const TOKENS = `${API}/initial_access_token`;
const REGISTER = '/connect/{serviceId}/register';
const CONFIGURATION = `${REGISTER}/{clientId}`;

const registrationApi = (id: string, path: string, summary: string, schema: string): Operation => ({
  method: 'post',
  path: `${REGISTRATION}${path}`,
  id,
  tag: 'Client registration API',
  summary,
  security: 'apiAccessToken',
  body: { schema, form: true },
  success: { status: 200, schema: 'RegistrationResponse' },
});

const configuration = (
  method: 'get' | 'put' | 'delete',
  id: string,
  summary: string,
  rest: Pick<Operation, 'success' | 'body' | 'failures'>,
): Operation => ({
  method,
  path: CONFIGURATION,
  id,
  tag: 'Protocol plane',
  summary,
  security: 'registrationAccessToken',
  ...rest,
});

const discovery = (id: string, path: string, spec: string): Operation => ({
  method: 'get',
  path,
  id,
  tag: 'Protocol plane',
  summary: `Metadata of the authorization server (${spec})`,
  success: { status: 200, schema: 'ServerMetadata' },
});

const management = (id: string, path: string, summary: string, success: Operation['success'], failures?: number[]) =>
  ({ method: 'get', path, id, tag: 'Operation', summary, success, ...(failures && { failures }) }) as const;

/** Every route of the server, each once. */
export const OPERATIONS: readonly Operation[] = [
  registrationApi('registerClient', '', 'Register a client (RFC 7591 section 3)', 'RegisterRequest'),
  registrationApi('getClient', '/get', 'Get a client (RFC 7592 section 2.1)', 'GetRequest'),
  registrationApi(
    'updateClient',
    '/update',
    'Replace the metadata of a client (RFC 7592 section 2.2)',
    'UpdateRequest',
  ),
  registrationApi('deleteClient', '/delete', 'Delete a client (RFC 7592 section 2.3)', 'DeleteRequest'),
  {
    ...registrationApi(
      'explainRegistration',
      '/explain',
      'Explain the decision on a request without changing anything',
      'ExplainRequest',
    ),
    success: { status: 200, schema: 'Explanation' },
  },
  {
    method: 'get',
    path: `${API}/service/get`,
    id: 'getService',
    tag: 'Services and tokens',
    summary: 'Get the settings of a service',
    security: 'apiAccessToken',
    success: { status: 200, schema: 'Service' },
  },
  {
    method: 'post',
    path: `${API}/service/update`,
    id: 'updateService',
    tag: 'Services and tokens',
    summary: 'Replace the settings of a service; what is omitted is at its default',
    security: 'apiAccessToken',
    body: { schema: 'ServiceSettings' },
    success: { status: 200, schema: 'Service' },
  },
  {
    method: 'post',
    path: `${TOKENS}/create`,
    id: 'createInitialAccessToken',
    tag: 'Services and tokens',
    summary: 'Make an initial access token (RFC 7591 section 3); the answer is the only one that holds it',
    security: 'apiAccessToken',
    body: { schema: 'CreateInitialAccessToken' },
    success: { status: 201, schema: 'CreatedInitialAccessToken' },
  },
  {
    method: 'get',
    path: `${TOKENS}/get/list`,
    id: 'listInitialAccessTokens',
    tag: 'Services and tokens',
    summary: 'List the initial access tokens',
    security: 'apiAccessToken',
    query: {
      limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
      after: { type: 'integer', minimum: 1, description: '`next` of the page before.' },
    },
    success: { status: 200, schema: 'InitialAccessTokens' },
  },
  {
    method: 'delete',
    path: `${TOKENS}/delete/{id}`,
    id: 'deleteInitialAccessToken',
    tag: 'Services and tokens',
    summary: 'Revoke an initial access token; clients that were registered with it stay',
    security: 'apiAccessToken',
    success: { status: 204 },
  },
  {
    method: 'post',
    path: REGISTER,
    id: 'register',
    tag: 'Protocol plane',
    summary: 'Register (RFC 7591 section 3)',
    security: 'initialAccessToken',
    body: { schema: 'ClientMetadata' },
    success: { status: 201, schema: 'ClientInformation' },
    failures: [401, 403, 409, 413, 415, 422],
  },
  configuration('get', 'readRegistration', 'Read the own registration (RFC 7592 section 2.1)', {
    success: { status: 200, schema: 'ClientInformation' },
    failures: [401],
  }),
  configuration('put', 'replaceRegistration', 'Replace the own metadata (RFC 7592 section 2.2)', {
    body: { schema: 'ClientUpdate' },
    success: { status: 200, schema: 'ClientInformation' },
    failures: [401, 412, 413, 415],
  }),
  configuration('delete', 'deleteRegistration', 'Delete the own registration (RFC 7592 section 2.3)', {
    success: { status: 204 },
    failures: [401, 412],
  }),
  ...(['openid-configuration', 'oauth-authorization-server'] as const).flatMap((name) => [
    discovery(`${name}-below`, `/connect/{serviceId}/.well-known/${name}`, 'OpenID Connect Discovery section 4'),
    discovery(`${name}-at-root`, `/.well-known/${name}/connect/{serviceId}`, 'RFC 8414 section 3.1'),
  ]),
  management(
    'healthcheck',
    '/api/lifecycle/healthcheck',
    "Authlete's health check",
    { status: 200, type: 'text/plain' },
    [500],
  ),
  management('live', '/health/live', 'Whether the process answers', { status: 200, schema: 'Health' }),
  management('ready', '/health/ready', 'Whether to send callers here', { status: 200, schema: 'Health' }, [503]),
  management('metrics', '/metrics', 'Metrics for Prometheus', { status: 200, type: 'text/plain' }),
  management('openapi', '/openapi.json', 'This document', { status: 200, schema: 'OpenApi' }),
  management('docs', '/docs', 'This document, for people', { status: 200, type: 'text/html' }),
];
