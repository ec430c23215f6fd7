import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** A token endpoint and its keys, for one login at a time. */
export class SimulatedAuthorizationServer {
  private readonly server: Server = createServer((request, response) => {
    const body = request.url === '/jwks' ? this.jwks : this.tokens;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  private keys: Awaited<ReturnType<typeof generateKeyPair>> | undefined;
  private jwks: object = {};
  private tokens: object = {};

  async start(): Promise<void> {
    this.keys = await generateKeyPair('RS256');
    this.jwks = { keys: [{ ...(await exportJWK(this.keys.publicKey)), alg: 'RS256', use: 'sig' }] };
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
  }

  close(): Promise<unknown> {
    this.server.closeAllConnections();
    return new Promise((closed) => this.server.close(closed));
  }

  get tokenEndpoint(): string {
    return `${this.origin}/token`;
  }

  get jwksUri(): string {
    return `${this.origin}/jwks`;
  }

  /** Prepares the tokens of the next login; the ID token has no `auth_time`. */
  async expect(issuer: string, clientId: string): Promise<void> {
    const idToken = await new SignJWT({ sub: 'user' })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(issuer)
      .setAudience(clientId)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(this.keys!.privateKey);
    this.tokens = { access_token: 'token', token_type: 'Bearer', id_token: idToken };
  }

  private get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}
