import type { Client } from '@clientele/client';
import { CLIENT, clientCallsOf } from './support/client-calls.ts';
import { command, type Environment } from './support/command.ts';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

describe('clientele client with many clients', () => {
  let many: TestServer;
  let settings: Environment;
  let requested: string[];

  beforeAll(async () => {
    many = await startServer();
    // Pages of the largest size would need thousands of clients.
    many.app.getHttpServer().prependListener('request', (request: { url: string }) => {
      requested.push(request.url.replace(/^.*\/client\//, ''));
      request.url = request.url.replace('limit=1000', 'limit=2');
    });
    settings = { CLIENTELE_URL: many.baseUrl, CLIENTELE_SERVICE: String(SERVICE_ID), CLIENTELE_TOKEN: ACCESS_TOKEN };
    requested = [];
    const calls = clientCallsOf(() => many);
    const names = ['App a', 'App クライアント', `App ${'with a very long name '.repeat(5)}`, 'App d', 'App e'];
    for (const [index, clientName] of names.entries())
      await calls.put('abcde'.charAt(index), { ...CLIENT, clientName, tokenAuthMethod: 'NONE' });
  });

  beforeEach(() => {
    requested = [];
  });

  afterAll(() => many.close());

  const run = (...words: string[]) => command(settings, 'client', ...words);
  const found = async (...words: string[]) => {
    const { stdout } = await run(...words, '--json');
    return stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as Client).canonicalClientId);
  };

  it('lists them page by page, as a table or one JSON document per line', async () => {
    const { stdout } = await run('list', '--source', 'static', '--unlocked', '--type', 'public');
    const rows = stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(rows.map(([id]) => id)).toEqual(['CLIENT_ID', 'a', 'b', 'c', 'd', 'e', '']);
    expect(rows.map(([, name]) => name)).toMatchObject({ 3: 'App with a very long name with a very l…', 4: 'App d' });
    expect(rows[1]).toEqual([
      ...['a', 'App a', 'public', 'static'],
      ...[1, 2].map(() => expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string),
    ]);
    expect(requested).toHaveLength(3);
    expect(requested[0]).toBe('get/list?limit=1000&source=static&clientType=PUBLIC&locked=false');
    expect(await found('list')).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await found('list', '--unused-for', '1h')).toEqual([]);
    expect(await found('list', '--used-before', '0s')).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await found('list', '--limit', '3')).toEqual(['a', 'b', 'c']);
    expect(await run('list', '--locked')).toEqual({ code: 0, stdout: '', stderr: 'No client was found.\n' });
  });

  it('finds each client once', async () => {
    const calls = clientCallsOf(() => many);
    const aliased = { ...CLIENT, clientName: 'app', clientIdAlias: 'App', redirectUris: ['https://app/cb'] };
    await calls.put('z', aliased);
    await calls.put('y', { ...aliased, clientName: 'Other', clientIdAlias: 'other' });

    expect(await found('find', 'App')).toEqual(['z', 'y', 'a', 'd', 'e', 'c', 'b']);
    expect(await found('find', 'App', '--limit', '3')).toEqual(['z', 'y', 'a']);
    expect(await found('find', 'https://app/cb')).toEqual(['z', 'y']);
    expect(await run('find', 'none')).toEqual({ code: 0, stdout: '', stderr: 'No client was found.\n' });
    expect((await run('find', 'https://app/other')).stderr).toBe(
      "No client was found. Redirect URIs match exactly. To find clients by the host, use 'clientele client find app'.\n",
    );
    expect(await run('find', ' ')).toMatchObject({ code: 2, stdout: '' });
  });
});
