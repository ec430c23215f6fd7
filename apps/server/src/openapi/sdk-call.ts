import { inspect } from 'node:util';
import type { Operation } from './operation.ts';

/** The method of the SDK for each operation that it has. Its arguments are the parameters in the path, and the body. */
const METHODS: Readonly<Record<string, string>> = {
  registerClient: 'registration.register',
  getClient: 'registration.get',
  updateClient: 'registration.update',
  deleteClient: 'registration.delete',
  getClientByIdentifier: 'clients.get',
  resolveClient: 'clients.resolve',
  verifyClientSecret: 'clients.verifySecret',
  listClients: 'clients.listPage',
  createClient: 'clients.create',
  putClient: 'clients.put',
  updateClientLockFlag: 'clients.lock',
  deleteClientByIdentifier: 'clients.delete',
  updateClientByIdentifier: 'clients.update',
  patchClientByIdentifier: 'clients.patch',
  previewClient: 'clients.preview',
  getRequestableScopes: 'clients.getRequestableScopes',
  updateRequestableScopes: 'clients.setRequestableScopes',
  deleteRequestableScopes: 'clients.deleteRequestableScopes',
  refreshClientSecret: 'clients.refreshSecret',
  updateClientSecret: 'clients.updateSecret',
  refreshRegistrationAccessToken: 'clients.refreshRegistrationAccessToken',
  getService: 'services.get',
  updateService: 'services.update',
  patchService: 'services.patch',
  deleteService: 'services.delete',
  getServiceJwks: 'services.jwks',
  getServiceConfiguration: 'services.configuration',
  createService: 'services.create',
  listServices: 'services.listPage',
  createInitialAccessToken: 'initialAccessTokens.create',
  listInitialAccessTokens: 'initialAccessTokens.listPage',
  deleteInitialAccessToken: 'initialAccessTokens.delete',
  createApiAccessToken: 'accessTokens.create',
  listApiAccessTokens: 'accessTokens.list',
  deleteApiAccessToken: 'accessTokens.delete',
  createApiAccessTokenForAllServices: 'services.accessTokens.create',
  listApiAccessTokensForAllServices: 'services.accessTokens.list',
  deleteApiAccessTokenForAllServices: 'services.accessTokens.delete',
};

type Body = Readonly<Record<string, unknown>>;

/** The arguments of methods that do not take the parameters in the path and the body as they are. */
const ARGUMENTS: Readonly<Record<string, (inPath: readonly unknown[], body: Body) => unknown[]>> = {
  'registration.register': (_, body) => [withMetadata(body)],
  'registration.update': (_, body) => [withMetadata(body)],
  'clients.verifySecret': ([clientId], body) => [{ clientId, ...body }],
  'clients.lock': (inPath) => [...inPath],
  'clients.setRequestableScopes': (inPath, { requestableScopes }) => [...inPath, requestableScopes],
};

/** The SDK accepts the metadata itself in place of its JSON text. */
function withMetadata({ json, ...body }: Body): Body {
  return { ...body, metadata: JSON.parse(json as string) as unknown };
}

/** The object with which the examples of the SDK begin. */
export function sdkSetup(baseUrl: string): string {
  return [
    "import { Clientele } from '@clientele/client';",
    '',
    'const clientele = new Clientele({',
    `  baseUrl: ${inspect(baseUrl)},`,
    '  serviceId: process.env.SERVICE_ID,',
    '  accessToken: process.env.ACCESS_TOKEN,',
    '});',
  ].join('\n');
}

/** An expression that calls the operation with the SDK, with the values of its example; undefined if the SDK does not have it. */
export function sdkCall({ operationId, parameters = [], requestBody }: Operation): string | undefined {
  const method = METHODS[operationId];
  if (method === undefined) return undefined;
  const inPath = parameters
    // Only the calls of `services` name the service. The others use that of the `Clientele`.
    .filter(
      (parameter) => parameter.in === 'path' && (parameter.name !== 'serviceId' || method.startsWith('services.')),
    )
    .map(({ example }) => example);
  const body = requestBody?.content['application/json']?.example as Body | undefined;
  const values = ARGUMENTS[method]?.(inPath, body ?? {}) ?? [...inPath, ...(body === undefined ? [] : [body])];
  return `clientele.${method}(${values.map((value) => inspect(value, { depth: null })).join(', ')})`;
}
