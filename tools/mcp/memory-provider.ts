import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';

/** The registration, tokens and state of an MCP client for one MCP server, in memory. */
export class MemoryProvider implements OAuthClientProvider {
  readonly clientMetadata;
  client: OAuthClientInformationMixed | undefined;
  granted: OAuthTokens | undefined;
  /** The latest authorization request, which a browser would open. */
  request: URL | undefined;
  private verifier = '';

  constructor(
    readonly redirectUrl: string,
    metadata: object = {},
  ) {
    this.clientMetadata = { client_name: 'My MCP client', redirect_uris: [redirectUrl], ...metadata };
  }

  clientInformation(): OAuthClientInformationMixed | undefined {
    return this.client;
  }

  saveClientInformation(client: OAuthClientInformationMixed): void {
    this.client = client;
  }

  tokens(): OAuthTokens | undefined {
    return this.granted;
  }

  saveTokens(tokens: OAuthTokens): void {
    this.granted = tokens;
  }

  codeVerifier(): string {
    return this.verifier;
  }

  saveCodeVerifier(verifier: string): void {
    this.verifier = verifier;
  }

  redirectToAuthorization(request: URL): void {
    this.request = request;
  }

  invalidateCredentials(): void {
    this.client = undefined;
    this.granted = undefined;
  }
}
