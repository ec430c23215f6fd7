import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientCache } from '@clientele/client';
import { clienteleAdapter, useClientele } from '@clientele/oidc-provider';
import { Provider, type Configuration } from 'oidc-provider';
import { StateAdapter } from './state-adapter.ts';

/** The user whom the authorization server logs in without asking. */
export const USER = 'alice';

/** Seconds. */
const LIFETIME = 600;

/** An oidc-provider on a free port of this machine that takes its clients from a registry. */
export class AuthorizationServer {
  private constructor(
    readonly issuer: URL,
    private readonly server: Server,
  ) {}

  static async start(cache: ClientCache, configuration: Configuration = {}): Promise<AuthorizationServer> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const provider = new Provider(issuer, {
      adapter: clienteleAdapter({ cache, otherwise: StateAdapter }),
      findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      // In production, errors are HTML pages.
      renderError: (context, error) => {
        context.body = error;
      },
      jwks: { keys: [generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })] },
      // oidc-provider asks on its standard output for lifetimes that are not set.
      ttl: { AccessToken: LIFETIME, Grant: LIFETIME, IdToken: LIFETIME, Interaction: LIFETIME, Session: LIFETIME },
      cookies: { keys: ['a-key-for-cookies'] },
      ...configuration,
      features: { devInteractions: { enabled: false }, registration: { enabled: false }, ...configuration.features },
    });
    useClientele(provider, cache);
    const handle = provider.callback();
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const respond = request.url?.startsWith('/interaction/') ? logIn.bind(undefined, provider) : handle;
      respond(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
    return new AuthorizationServer(new URL(issuer), server);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

/** Logs the user in, and grants everything that the client requests. */
async function logIn(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: USER, clientId: params.client_id as string });
  grant.addOIDCScope(params.scope as string);
  for (const resource of [params.resource ?? []].flat() as string[]) grant.addResourceScope(resource, 'read');
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { login: { accountId: USER }, consent });
}
