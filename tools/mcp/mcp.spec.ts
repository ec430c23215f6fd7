import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Clientele } from '@clientele/client';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { freePort } from '../../apps/server/test/support/free-port.ts';
import { ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { codeBlocks } from '../docs/code-blocks.ts';
import { ACCESS_TOKEN, DocumentedServer, SERVICE_ID } from '../docs/documented-server.ts';
import { ROOT } from '../docs/root.ts';
import { MemoryProvider } from './memory-provider.ts';

const PAGE = 'docs/mcp.md';
const [configure, discover, publishOwn, listUnused] = codeBlocks(PAGE, 'bash');
const [mcpServer, register, lookUp] = codeBlocks(PAGE, 'js');
const LISTENING = 'The example is listening.';
const AUTHORIZATION_SERVER = new URL('authorization-server.ts', import.meta.url).href;

describe('docs/mcp.md', () => {
  const registry = new DocumentedServer();
  const processes: ServerProcess[] = [];
  /** The addresses of the page, and those of this test. */
  const addresses = new Map<string, string>();
  let baseUrl: string;
  let mcpUrl: URL;
  let clientele: Clientele;

  const here = (block: string): string =>
    [...addresses].reduce((text, [documented, used]) => text.replaceAll(documented, used), block);

  /** Runs a block of the page with this command, and returns its output. */
  async function run(block: string, command: string, ...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(command, [...args, here(block)], {
      cwd: fileURLToPath(ROOT),
      env: {
        PATH: [join(fileURLToPath(ROOT), 'node_modules/.bin'), process.env.PATH].join(delimiter),
        SERVICE_ID,
        ACCESS_TOKEN,
        CLIENTELE_URL: `${baseUrl}/api/${SERVICE_ID}`,
        CLIENTELE_TOKEN: ACCESS_TOKEN,
      },
    });
    return stdout;
  }

  const paste = (block: string): Promise<string> => run(block, 'bash', '--norc', '-c');

  /** Starts a script that prints that it listens. */
  async function start(script: string): Promise<void> {
    const command = [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', here(script)] as const;
    const started = new ServerProcess(
      { SERVICE_ID, ACCESS_TOKEN },
      { command: [...command], cwd: fileURLToPath(ROOT) },
    );
    processes.push(started);
    await started.printed(new RegExp(LISTENING));
  }

  beforeAll(async () => {
    await registry.listening();
    ({ baseUrl } = registry);
    const [authorizationPort, mcpPort] = [await freePort(), await freePort()];
    mcpUrl = new URL(`http://127.0.0.1:${mcpPort}/mcp`);
    addresses.set('http://127.0.0.1:3000', baseUrl);
    addresses.set('http://127.0.0.1:4000', `http://127.0.0.1:${authorizationPort}`);
    addresses.set('http://127.0.0.1:5000', mcpUrl.origin);
    addresses.set("listen(5000, '127.0.0.1')", `listen(${mcpPort}, '127.0.0.1', () => console.log('${LISTENING}'))`);
    clientele = new Clientele({ baseUrl, serviceId: SERVICE_ID, accessToken: ACCESS_TOKEN });
    // As another guide configures the service.
    await clientele.services.patch(SERVICE_ID, { registrationEndpoint: 'http://127.0.0.1:4000/register' });
    await Promise.all([
      paste(configure!),
      start(mcpServer!),
      start(`${lookUp!}
        const { authorizationServer } = await import('${AUTHORIZATION_SERVER}');
        const server = authorizationServer({ findClient, mayRedirect });
        server.listen(${authorizationPort}, '127.0.0.1', () => console.log('${LISTENING}'));`),
    ]);
  });

  afterAll(async () => {
    await Promise.all(processes.map((each) => each.stop()));
    await registry.stop();
  });

  it('publishes complete metadata of the authorization server', async () => {
    const issuer = `${baseUrl}/connect/${SERVICE_ID}`;
    expect(JSON.parse(await paste(discover!))).toEqual({
      issuer,
      authorization_endpoint: here('http://127.0.0.1:4000/authorize'),
      token_endpoint: here('http://127.0.0.1:4000/token'),
      registration_endpoint: `${issuer}/register`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
    });
  });

  it('registers with the MCP SDK, which builds an authorization request of the client with PKCE', async () => {
    const request = new URL(await run(register!, process.execPath, '--input-type=module', '--eval'));
    const { client_id: clientId, ...parameters } = Object.fromEntries(request.searchParams);

    expect(request.origin).toBe(here('http://127.0.0.1:4000'));
    expect(parameters).toEqual({
      response_type: 'code',
      redirect_uri: 'http://localhost:6274/callback',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
      resource: mcpUrl.href,
    });
    expect(await clientele.clients.get(clientId!)).toMatchObject({
      clientName: 'My MCP client',
      clientType: 'PUBLIC',
      grantTypes: ['AUTHORIZATION_CODE'],
      applicationType: 'NATIVE',
    });
  });

  it('lets an MCP client log in on any port and call a tool, and register again after its registration was deleted', async () => {
    // Otherwise the authorization server uses the deleted client for another minute.
    await paste(configure!.replace('"protocolRegistration"', '"resolveMaxAge": 0, "protocolRegistration"'));
    const provider = new MemoryProvider('http://127.0.0.1:6274/callback', {
      redirect_uris: ['http://127.0.0.1/callback'],
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    });
    const transport = () => new StreamableHTTPClientTransport(mcpUrl, { authProvider: provider });
    const newClient = () => new Client({ name: 'my-client', version: '1.0.0' });
    const first = transport();
    await expect(newClient().connect(first)).rejects.toThrow(UnauthorizedError);
    const registered = provider.client!;
    expect(registered).toMatchObject({
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
    });

    const redirection = await fetch(provider.request!, { redirect: 'manual' });
    await first.finishAuth(new URL(redirection.headers.get('location')!).searchParams.get('code')!);
    const client = newClient();
    await client.connect(transport());
    expect(await client.callTool({ name: 'greet' })).toEqual({ content: [{ type: 'text', text: 'Hello' }] });
    await client.close();

    await clientele.clients.delete(registered.client_id);
    provider.granted = { ...provider.granted!, access_token: 'expired' };
    await expect(newClient().connect(transport())).rejects.toThrow(UnauthorizedError);
    expect(provider.client!.client_id).not.toBe(registered.client_id);
    expect(provider.request!.searchParams.get('client_id')).toBe(provider.client!.client_id);
  });

  it('accepts and refuses the redirect URIs of its table', async () => {
    const page = readFileSync(new URL(PAGE, ROOT), 'utf8');
    const rows = Array.from(page.matchAll(/^\| (`\S+:.*`) +\| (accepted|refused) /gm), ([, uris, result]) =>
      Array.from(uris!.matchAll(/`([^`]+)`/g), ([, uri]) => [uri!, result!] as const),
    ).flat();
    const results = await Promise.all(
      rows.map(async ([uri]) => {
        const response = await fetch(`${baseUrl}/connect/${SERVICE_ID}/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ redirect_uris: [uri] }),
        });
        const { error } = (await response.json()) as { error?: string };
        return [uri, error === undefined ? 'accepted' : error === 'invalid_redirect_uri' ? 'refused' : error];
      }),
    );

    expect(results).toEqual(rows);
    expect(rows.length).toBeGreaterThan(9);
  });

  it('lists clients that were not used for long, and publishes the issuer of another server', async () => {
    expect(await paste(listUnused!)).toBe('');
    expect(JSON.parse(await paste(publishOwn!))).toMatchObject({ issuer: 'https://as.example.com' });
    await paste(configure!.replace('"protocolRegistration"', '"issuer": null, "protocolRegistration"'));
  });
});
