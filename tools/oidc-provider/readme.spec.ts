import { fileURLToPath } from 'node:url';
import { freePort } from '../../apps/server/test/support/free-port.ts';
import { ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from '../../apps/server/test/support/server.ts';
import { codeBlocks } from '../docs/code-blocks.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const STATE_ADAPTER = new URL('state-adapter.ts', import.meta.url).href;
const LISTENING = 'oidc-provider is listening';

let registry: TestServer;

beforeAll(async () => {
  registry = await startServer();
});

afterAll(() => registry.close());

it.each([
  ['README.md', 1],
  ['libs/oidc-provider/README.md', 0],
])('the example of %s is an authorization server for registered clients', async (page, index) => {
  const port = await freePort();
  const script = codeBlocks(page, 'js')
    [index]!.replace('http://127.0.0.1:3000', registry.baseUrl)
    .replace('./state-adapter.js', STATE_ADAPTER)
    .replace('http://127.0.0.1:4000', `http://127.0.0.1:${port}`)
    .replace('provider.listen(4000)', `provider.listen(${port}, '127.0.0.1', () => console.log('${LISTENING}'))`);
  const server = new ServerProcess(
    { SERVICE_ID: String(SERVICE_ID), ACCESS_TOKEN },
    { command: [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', script], cwd: ROOT },
  );
  await server.printed(new RegExp(LISTENING));

  const redirectUri = 'https://app.example.com/callback';
  const client = await registry.register({ redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' });
  const authorize = (clientId: string): Promise<Response> => {
    const url = new URL(`http://127.0.0.1:${port}/auth`);
    url.search = new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
    }).toString();
    return fetch(url, { redirect: 'manual' });
  };
  const known = await authorize(client.information.client_id);
  const unknown = await authorize('unknown');
  await server.stop();

  expect([known.status, known.headers.get('location')]).toEqual([303, expect.stringMatching(/^\/interaction\//)]);
  expect([unknown.status, await unknown.text()]).toEqual([400, expect.stringContaining('invalid_client')]);
});
