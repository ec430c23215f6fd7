import { MINIMAL, protocolOf, registerPath } from './support/protocol.ts';
import { HEADERS, pathOf, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const ORIGIN = 'https://app.example.com';
const PREFLIGHT = {
  origin: ORIGIN,
  'access-control-request-method': 'PUT',
  'access-control-request-headers': 'authorization,content-type,if-match,mcp-protocol-version',
};

describe('web pages of other origins (OpenID Connect Registration sections 3 and 4, Fetch section 3.3)', () => {
  let server: TestServer;
  let protocol: ReturnType<typeof protocolOf>;

  beforeAll(async () => {
    server = await startServer();
    protocol = protocolOf(server);
  });

  afterAll(() => server.close());
  afterEach(() => server.configure());

  const paths = [registerPath(), registerPath(1), `/connect/${SERVICE_ID}/.well-known/openid-configuration`];

  it.each([...paths, `/.well-known/oauth-authorization-server/connect/${SERVICE_ID}`, registerPath(1, 1)])(
    'may send a preflight request to %s',
    async (path) => {
      const { status, headers, text } = await protocol.send('OPTIONS', path, PREFLIGHT);

      expect([status, text]).toEqual([204, '']);
      expect(headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
        'access-control-allow-headers': PREFLIGHT['access-control-request-headers'],
        'access-control-max-age': '600',
      });
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    },
  );

  it('may read every response, with errors and headers', async () => {
    const created = await protocol.register(MINIMAL, { origin: ORIGIN });
    const { client_id: clientId, registration_access_token: token } = created.body;

    for (const [expected, { status, headers }] of [
      [201, created],
      [200, await protocol.read(clientId, token, { origin: ORIGIN })],
      [400, await protocol.register('[', { origin: ORIGIN })],
      [401, await protocol.read(clientId, 'wrong', { origin: ORIGIN })],
      [404, await protocol.send('GET', '/connect/nope', { origin: ORIGIN })],
      [405, await protocol.send('PATCH', registerPath(), { origin: ORIGIN })],
      [412, await protocol.delete(clientId, token, { origin: ORIGIN, 'if-match': '"x"' })],
      [413, await protocol.register('x'.repeat(300_000), { origin: ORIGIN })],
      [415, await protocol.register('{}', { origin: ORIGIN, 'content-type': 'text/plain' })],
      [204, await protocol.delete(clientId, token, { origin: ORIGIN })],
    ] as const) {
      expect(status).toBe(expected);
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(headers['access-control-expose-headers']).toBe(
        'ETag, Location, Retry-After, WWW-Authenticate, X-Request-Id',
      );
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  describe('for a service with allowedOrigins', () => {
    beforeEach(() => server.configure({ allowedOrigins: [ORIGIN, 'http://localhost:6274'] }));

    it('may call it from an allowed origin', async () => {
      for (const origin of [ORIGIN, 'http://localhost:6274']) {
        const { headers } = await protocol.send('OPTIONS', registerPath(), { ...PREFLIGHT, origin });
        expect(headers['access-control-allow-origin']).toBe(origin);
        expect(headers.vary).toMatch(/\bOrigin\b/i);
        expect((await protocol.register(MINIMAL, { origin })).headers['access-control-allow-origin']).toBe(origin);
      }
    });

    it.each([
      'https://evil.example.com',
      'https://app.example.com.evil.example',
      'http://app.example.com',
      'null',
      `${ORIGIN}:444`,
    ])('get no CORS headers for the origin %s, although the registration succeeds', async (origin) => {
      for (const path of paths) {
        const { status, headers } = await protocol.send('OPTIONS', path, { ...PREFLIGHT, origin });
        expect(status).toBe(204);
        expect(headers).not.toHaveProperty('access-control-allow-origin');
      }
      const { status, headers } = await protocol.register(MINIMAL, { origin });
      expect(status).toBe(201);
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers.vary).toMatch(/\bOrigin\b/i);
    });

    it('may not call it if the list is empty', async () => {
      await server.configure({ allowedOrigins: [] });

      const { status, headers } = await protocol.send('OPTIONS', registerPath(), PREFLIGHT);
      expect([status, headers.allow]).toEqual([204, 'POST, OPTIONS']);
      for (const name of Object.keys(headers)) expect(name).not.toMatch(/^access-control/);
    });
  });

  it('have no access to the API plane', async () => {
    const preflight = await server.send({
      method: 'OPTIONS',
      path: pathOf('register'),
      headers: { authorization: HEADERS.authorization, ...PREFLIGHT },
    });
    expect(preflight.status).toBe(405);
    const called = await server.send({ headers: { ...HEADERS, origin: ORIGIN }, body: '{"json":"{}"}' });
    for (const { headers } of [preflight, called]) expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});
