import type { ClientDifference, ClientPreview } from '@clientele/model/metadata';
import { logOf } from './support/audit.ts';
import { at, CLIENT, clientCallsOf, fresh } from './support/client-calls.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

const { call, put } = clientCallsOf(() => server);
const preview = async (identifier: string, client: object, headers?: Readonly<Record<string, string>>) => {
  const { status, body } = await call('POST', at('preview', identifier), client, headers);
  return { status, body: body as unknown as ClientPreview & { resultCode?: string; resultMessage?: string } };
};

describe('client/preview', () => {
  const SECRET = { clientSecret: 'a-secret-of-mine' };
  const BASE = { ...CLIENT, ...SECRET, notes: 'old', logoUri: 'https://a.example/logo' };

  it.each<[string, object]>([
    ['nothing', BASE],
    ['a name', { ...BASE, clientName: 'Other' }],
    ['an omitted property', { ...CLIENT, ...SECRET, notes: 'old' }],
    ['an alias', { ...BASE, clientIdAlias: 'alias-of-preview' }],
    ['administration', { ...BASE, notes: 'new', pkceRequired: true, resources: [] }],
    [
      'extension',
      { ...BASE, extension: { requestableScopes: ['a'], requestableScopesEnabled: true, idTokenDuration: 5 } },
    ],
    ['a secret', { ...BASE, clientSecret: 'another-secret-of-mine' }],
    ['a client without a secret', { ...CLIENT, tokenAuthMethod: 'NONE' }],
    ['names in languages', { ...BASE, clientNames: [{ tag: 'ja', value: 'x' }] }],
    [
      'a long value',
      { ...BASE, redirectUris: Array.from({ length: 100 }, (_each, n) => `https://a.example/${n}/${'x'.repeat(50)}`) },
    ],
    [
      'long differences',
      {
        ...BASE,
        clientUri: `https://a.example/${'x'.repeat(1900)}`,
        policyUri: `https://a.example/${'x'.repeat(1900)}`,
        tosUri: `https://a.example/${'x'.repeat(1900)}`,
        initiateLoginUri: `https://a.example/${'x'.repeat(1900)}`,
        logoUri: `https://a.example/${'x'.repeat(1900)}`,
      },
    ],
  ])('says what PUT then does to %s', async (_what, client) => {
    const id = fresh();
    const { body } = await put(id, BASE);
    const before = await server.stored(body.clientId);

    const previewed = await preview(id, client);

    expect(await server.stored(body.clientId)).toEqual(before);
    expect(previewed.status).toBe(200);
    const changed = await put(id, client, { 'if-match': previewed.body.etag! });
    expect(changed.status).toBe(200);
    const updates = (await logOf(server).entries(body.clientId)).filter(({ action }) => action === 'client.updated');
    expect(updates).toHaveLength(previewed.body.outcome === 'changed' ? 1 : 0);
    expect(previewed.body.differences).toEqual(updates[0]?.differences ?? []);
    expect(JSON.stringify(previewed)).not.toContain('secret-of-mine');
  });

  it('names a changed secret, and has a digest of a value that is too long for the log', async () => {
    const id = fresh();
    await put(id, BASE);
    const uris = Array.from({ length: 100 }, (_each, n) => `https://a.example/${n}/${'x'.repeat(50)}`);

    const { body } = await preview(id, { ...BASE, clientSecret: 'another', redirectUris: uris });

    expect(body.differences).toEqual([
      {
        member: 'redirect_uris',
        before: CLIENT.redirectUris,
        afterSha256: expect.stringMatching(/^[\w-]{43}$/) as string,
      },
      { member: 'client_secret' },
    ]);
  });

  it('has every member of a client that would be created, and creates none', async () => {
    const id = fresh();
    const count = (await server.storedClients()).length;
    const client = { ...BASE, clientIdAlias: fresh('alias-'), pkceRequired: true };

    const { body: previewed } = await preview(id, client);

    expect(await server.storedClients()).toHaveLength(count);
    const { body } = await put(id, client);
    const [entry] = await logOf(server).entries(body.clientId);
    const others: ClientDifference[] = [
      { member: 'canonical', after: id },
      { member: 'alias', after: client.clientIdAlias },
      { member: 'notes', after: 'old' },
      { member: 'properties', after: { pkceRequired: true } },
      { member: 'client_secret' },
    ];
    expect(previewed).toEqual({ outcome: 'created', differences: [...entry!.differences, ...others] });
  });

  it('refuses what PUT refuses', async () => {
    const [id, other, alias] = [fresh(), fresh(), fresh('alias-')];
    await put(id, { ...CLIENT, clientIdAlias: alias });
    await put(other, CLIENT);
    const caller = await server.callerWith('MODIFY_CLIENT');

    for (const [identifier, client, headers] of [
      [id, { redirectUris: ['no uri'] }],
      [id, { extension: { requestableScopes: ['a'] } }],
      [id, { ...CLIENT, tokenAuthMethod: 'NONE', clientSecret: 'third' }],
      [alias, { ...CLIENT, clientIdAlias: fresh('alias-') }],
      [other, { ...CLIENT, clientIdAlias: alias }],
      [fresh(), { ...CLIENT, clientIdAlias: alias }],
      [fresh(), CLIENT, caller],
      ['preview', CLIENT],
      ['987654321', CLIENT],
    ] as const) {
      const refused = await put(identifier, client, headers);
      expect(refused.status).toBeGreaterThanOrEqual(400);
      expect(await preview(identifier, client, headers)).toEqual({ status: refused.status, body: refused.body });
    }
  });
});
