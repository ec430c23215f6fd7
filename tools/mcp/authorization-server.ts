import { hash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import type { ResolvedClient } from '@clientele/client';

type Found = { readonly client: ResolvedClient } | { readonly status: number; readonly error: string };

/** The functions of docs/mcp.md. */
export interface LookUp {
  readonly findClient: (clientId: string | null) => Promise<Found>;
  readonly mayRedirect: (client: ResolvedClient, redirectUri: string) => boolean;
}

interface Reply {
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: object;
}

/** The grants of the user. This authorization server asks nobody. */
interface Grant {
  readonly clientId: string;
  readonly redirectUri: string | null;
  readonly challenge: string;
  readonly resource: string | null;
}

const refuse = (status: number, error: string): Reply => ({ status, body: { error } });

/** The smallest authorization server for MCP clients: authorization codes with PKCE, and introspection. */
export function authorizationServer({ findClient, mayRedirect }: LookUp) {
  const codes = new Map<string, Grant>();
  const accessTokens = new Map<string, Grant>();

  /** @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.1 */
  async function authorize(request: URLSearchParams): Promise<Reply> {
    const found = await findClient(request.get('client_id'));
    if ('error' in found) return refuse(found.status, found.error);
    const redirectUri = request.get('redirect_uri');
    const challenge = request.get('code_challenge');
    // Without a valid redirect URI, the user must not be redirected.
    if (redirectUri === null || !mayRedirect(found.client, redirectUri)) return refuse(400, 'invalid_request');
    if (challenge === null || request.get('code_challenge_method') !== 'S256') return refuse(400, 'invalid_request');
    const code = randomUUID();
    codes.set(code, { clientId: found.client.clientId, redirectUri, challenge, resource: request.get('resource') });
    const location = new URL(redirectUri);
    location.searchParams.set('code', code);
    return { status: 302, headers: { location: location.href } };
  }

  /** @see https://www.rfc-editor.org/rfc/rfc7636.html#section-4.6 */
  async function token(request: URLSearchParams): Promise<Reply> {
    const found = await findClient(request.get('client_id'));
    if ('error' in found) return refuse(found.status, found.error);
    const code = request.get('code') ?? '';
    const grant = codes.get(code);
    codes.delete(code);
    const isValid =
      grant?.clientId === found.client.clientId &&
      grant.redirectUri === request.get('redirect_uri') &&
      grant.challenge === hash('sha256', request.get('code_verifier') ?? '', 'base64url');
    if (!isValid) return refuse(400, 'invalid_grant');
    const accessToken = randomUUID();
    accessTokens.set(accessToken, grant);
    return {
      body: { access_token: accessToken, token_type: 'Bearer', expires_in: 3600, refresh_token: randomUUID() },
    };
  }

  /** @see https://www.rfc-editor.org/rfc/rfc7662.html#section-2.2 */
  function introspect(request: URLSearchParams): Reply {
    const grant = accessTokens.get(request.get('token') ?? '');
    if (grant === undefined) return { body: { active: false } };
    const { clientId, resource } = grant;
    return { body: { active: true, client_id: clientId, aud: resource, exp: Math.ceil(Date.now() / 1000) + 3600 } };
  }

  async function respond(request: IncomingMessage): Promise<Reply> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
    if (pathname === '/authorize') return authorize(searchParams);
    const parameters = new URLSearchParams(await text(request));
    return pathname === '/token' ? token(parameters) : introspect(parameters);
  }

  return createServer((request, response) => {
    respond(request).then(
      ({ status = 200, headers, body = {} }) => response.writeHead(status, headers).end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
}
