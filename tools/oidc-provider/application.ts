import * as openid from 'openid-client';

/** The authorization endpoint or the token endpoint responded with an error. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    description: string,
  ) {
    super(`HTTP ${status} ${error}: ${description}`);
  }
}

// Loopback has no TLS. openid-client marks this option as deprecated only to make it visible.
// eslint-disable-next-line @typescript-eslint/no-deprecated
export const WITH_PLAIN_HTTP = { execute: [openid.allowInsecureRequests] };

export interface Application {
  readonly clientId: string;
  readonly redirectUri: string;
  /** By default, a public client. */
  readonly authentication?: openid.ClientAuth;
}

/** Logs a user in with the authorization code flow and PKCE. Throws `Refused` if the authorization server refuses. */
export async function logIn(
  issuer: URL,
  { clientId, redirectUri, authentication = openid.None() }: Application,
  parameters: Readonly<Record<string, string>> = {},
): Promise<openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers> {
  const configuration = await openid.discovery(issuer, clientId, undefined, authentication, WITH_PLAIN_HTTP);
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const expectedState = openid.randomState();
  const request = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: 'openid',
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    ...parameters,
  });
  const callback = await browse(request, redirectUri);
  const { resource } = parameters;
  try {
    return await openid.authorizationCodeGrant(
      configuration,
      callback,
      { pkceCodeVerifier, expectedState },
      { ...(resource !== undefined && { resource }) },
    );
  } catch (error) {
    throw refusal(error);
  }
}

function refusal(error: unknown): unknown {
  if (error instanceof openid.ResponseBodyError)
    return new Refused(error.status, error.error, error.error_description ?? '');
  if (error instanceof openid.WWWAuthenticateChallengeError) {
    const { error: code = '', error_description: description = '' } = error.cause[0]?.parameters ?? {};
    return new Refused(error.status, code, description);
  }
  return error;
}

/** Follows redirections as a browser does, with cookies, until they lead to the application. */
async function browse(start: URL, redirectUri: string): Promise<URL> {
  const cookies = new Map<string, string>();
  for (let url = start; ;) {
    const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    const location = response.headers.get('location');
    if (location === null) {
      const { error, error_description: description } = (await response.json()) as Record<string, string>;
      throw new Refused(response.status, error!, description!);
    }
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      cookies.set(name!, value!);
    }
    url = new URL(location, url);
    if (url.href.startsWith(redirectUri)) return url;
  }
}
