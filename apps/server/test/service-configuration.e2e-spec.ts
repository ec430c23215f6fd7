import { Authlete } from '@authlete/typescript-sdk';
import { ACCESS_TOKEN, HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const PATH = `/api/${SERVICE_ID}/service/configuration`;

describe('service/configuration', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
    await server.configure({
      issuer: 'https://as.example.org',
      supportedGrantTypes: ['AUTHORIZATION_CODE'],
      serverMetadata: { ui_locales_supported: ['en', 'fr'], 'service~a/b': 1 },
    });
  });

  afterAll(() => server.close());

  const { authorization } = HEADERS;
  const get = (query: Record<string, string> = {}) =>
    server.send({
      method: 'GET',
      path: `${PATH}?${new URLSearchParams(query).toString()}`,
      headers: { authorization },
    });
  const post = (body: object) => server.send({ path: PATH, body: JSON.stringify(body) });
  const postForm = (body: Record<string, string>) =>
    server.send({
      path: PATH,
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(body).toString(),
    });
  const discovery = async () => {
    const path = `/connect/${SERVICE_ID}/.well-known/openid-configuration`;
    return (await server.send({ method: 'GET', path, headers: {} })).text;
  };

  it('is what discovery returns, whatever the method', async () => {
    const expected = await discovery();
    expect(JSON.parse(expected)).toMatchObject({
      issuer: 'https://as.example.org',
      grant_types_supported: ['authorization_code'],
    });
    for (const { status, headers, text } of [
      await get(),
      await post({}),
      await get({ pretty: 'false' }),
      await post({ pretty: null, patch: null }),
      await post({ patch: '[]' }),
      await server.send({ method: 'GET', path: PATH, headers: { authorization } }),
    ]) {
      expect(status).toBe(200);
      expect(headers['content-type']).toMatch(/^application\/json/);
      expect(text).toBe(expected);
    }
  });

  it('is indented with pretty', async () => {
    const expected = JSON.stringify(JSON.parse(await discovery()), undefined, 2);
    for (const { text } of [
      await get({ pretty: 'true' }),
      await post({ pretty: true }),
      await postForm({ pretty: 'true' }),
    ])
      expect(text).toBe(expected);
  });

  it('is changed by a JSON Patch, and discovery is not', async () => {
    const before = await discovery();
    const patch = JSON.stringify([
      { op: 'test', path: '/ui_locales_supported/0', value: 'en' },
      { op: 'remove', path: '/ui_locales_supported/1' },
      { op: 'replace', path: '/service~0a~1b', value: null },
      { op: 'add', path: '/claims_supported', value: ['sub'] },
    ]);
    for (const { status, text } of [await get({ patch }), await post({ patch }), await postForm({ patch })]) {
      expect(status).toBe(200);
      expect(JSON.parse(text)).toEqual({
        ...(JSON.parse(before) as object),
        ui_locales_supported: ['en'],
        'service~a/b': null,
        claims_supported: ['sub'],
      });
    }
    expect(await discovery()).toBe(before);
  });

  it.each([
    ['patch', '{}', 'the patch is not an array of operations.'],
    ['patch', '', 'the patch is not JSON.'],
    ['patch', '[{"op":"remove","path":"/absent"}]', 'operation 0 of the patch is wrong: there is nothing at its path.'],
    [
      'patch',
      '[{"op":"test","path":"/issuer","value":1}]',
      'operation 0 of the patch is wrong: the value is not equal.',
    ],
    ['patch', '[{"op":"replace","path":"","value":[]}]', 'the result of the patch is not a JSON object.'],
    ['patch', ' '.repeat(8193), 'the patch has more than 8192 characters.'],
    ['pretty', 'yes', 'pretty must be true or false.'],
    ['pretty', 'toString', 'pretty must be true or false.'],
    ['pretty', '', 'pretty must be true or false.'],
  ])('refuses %s=%.60s', async (name, value, message) => {
    for (const { status, text } of [await get({ [name]: value }), await post({ [name]: value })]) {
      expect(status).toBe(400);
      expect(JSON.parse(text)).toEqual({
        resultCode: 'A001204',
        resultMessage: expect.stringContaining(message) as string,
      });
    }
  });

  it('refuses a repeated parameter, and a patch in a body that is no text', async () => {
    const repeated = await server.send({
      method: 'GET',
      path: `${PATH}?patch=[]&patch=[]`,
      headers: { authorization },
    });
    for (const { status, text } of [repeated, await post({ patch: [{ op: 'remove', path: '/issuer' }] })]) {
      expect(status).toBe(400);
      expect(text).toContain('patch must be the text of a JSON Patch.');
    }
  });

  it("can be called with Authlete's TypeScript SDK", async () => {
    const { service } = new Authlete({ serverURL: server.baseUrl, bearer: ACCESS_TOKEN });
    // The SDK knows no member of the response.
    await expect(
      service.getConfiguration({ serviceId: String(SERVICE_ID), pretty: true, patch: '[]' }),
    ).resolves.toEqual({});
  });
});
