/**
 * Shows an oidc-provider that takes its clients from a temporary Clientele server: `npm run demo:oidc-provider`. Exits with
 * code 1 if a step has another result than explained.
 */
import { Clientele, ClientCache } from '@clientele/client';
import * as openid from 'openid-client';
import { ACCESS_TOKEN, SERVICE_ID, startTemporaryServer } from './demo/temporary-server.ts';
import { logIn, Refused, WITH_PLAIN_HTTP, type Application } from './oidc-provider/application.ts';
import { AuthorizationServer, USER } from './oidc-provider/authorization-server.ts';

const WIDTH = 62;
const REDIRECT_URI = 'https://photos.example.com/callback';

const registry = startTemporaryServer();
try {
  const { baseUrl } = await registry.listening();
  const clientele = new Clientele({ baseUrl, serviceId: SERVICE_ID, accessToken: ACCESS_TOKEN, maxRetries: 0 });
  // So that changes take effect at once, the cache asks before each use of a client whether its copy is current.
  const cache = new ClientCache(clientele.clients, { maxAge: 0, negativeMaxAge: 0 });
  const authorizationServer = await AuthorizationServer.start(cache);
  console.log(`Clientele listens on ${baseUrl}, oidc-provider on ${authorizationServer.issuer.origin}\n`);
  await walkThrough(clientele, `${baseUrl}/connect/${SERVICE_ID}`, authorizationServer.issuer);
  await authorizationServer.close();
  console.log('\nDone: every result was as expected.');
} catch (error) {
  console.error(`\nThe demo failed. ${(error as Error).message}\n${registry.errors}`);
  process.exit(1);
}

async function walkThrough({ clients }: Clientele, registrationIssuer: string, issuer: URL): Promise<void> {
  const application = await register(registrationIssuer);
  report('An application registers at Clientele', `client ${application.clientId}`);
  report('It logs in at oidc-provider', await result(issuer, application), `user ${USER}`);

  await clients.lock(application.clientId);
  report('It is locked, and logs in', await result(issuer, application), 'HTTP 400 invalid_client');
  await clients.unlock(application.clientId);
  report('It is unlocked, and logs in', await result(issuer, application), `user ${USER}`);

  const other = await register(registrationIssuer);
  await registry.stop();
  report('It logs in while Clientele is stopped', await result(issuer, application), `user ${USER}`);
  const refused = 'HTTP 503 temporarily_unavailable';
  report('An application that oidc-provider has not seen yet logs in', await result(issuer, other), refused);
}

/** Registers an application by RFC 7591. */
async function register(registrationIssuer: string): Promise<Application> {
  const metadata = { client_name: 'Photo Album', redirect_uris: [REDIRECT_URI] };
  const configuration = await openid.dynamicClientRegistration(
    new URL(registrationIssuer),
    metadata,
    undefined,
    WITH_PLAIN_HTTP,
  );
  const { client_id: clientId, client_secret: secret } = configuration.clientMetadata();
  return { clientId, redirectUri: REDIRECT_URI, authentication: openid.ClientSecretBasic(secret) };
}

/** Logs in. Returns who logged in, or how the authorization server refused. */
async function result(issuer: URL, application: Application): Promise<string> {
  try {
    const tokens = await logIn(issuer, application);
    return `user ${tokens.claims()?.sub ?? 'unknown'}`;
  } catch (error) {
    if (error instanceof Refused) return `HTTP ${error.status} ${error.error}`;
    throw error;
  }
}

function report(what: string, found: string, expected = found): void {
  console.log(`${what}:`.padEnd(WIDTH), found);
  if (found !== expected) throw new Error(`Expected ${expected}.`);
}
