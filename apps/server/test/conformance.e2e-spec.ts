import { matching } from './support/matchers.ts';
import { protocolOf, registerPath } from './support/protocol.ts';
import { startServer, type TestServer } from './support/server.ts';

const METADATA = { client_name: 'My Client', redirect_uris: ['https://client.example.org/callback'] };
/** The largest possible client ID; it is not issued before 2089. */
const UNUSED_CLIENT_ID = Number.MAX_SAFE_INTEGER;

/** Rules in docs/conformance.md that no other test covers. */
describe('conformance', () => {
  let server: TestServer;
  let protocol: ReturnType<typeof protocolOf>;

  beforeAll(async () => {
    server = await startServer();
    protocol = protocolOf(server);
  });

  afterAll(() => server.close());
  afterEach(() => server.configure());

  const registered = async (metadata: object = METADATA) => {
    const { status, body } = await protocol.register({ redirect_uris: METADATA.redirect_uris, ...metadata });
    expect(status).toBe(201);
    return body;
  };

  it('the response contains the credentials and their time of issue (RFC 7591 section 3.2.1, RFC 7592 section 3)', async () => {
    const before = Math.floor(Date.now() / 1000);
    const body = await registered();

    expect(body).toMatchObject({
      client_id: matching(/^\d+$/),
      client_secret: matching(/^[\w-]{86}$/),
      client_secret_expires_at: 0,
      registration_access_token: matching(/^[\w-]{43}$/),
      registration_client_uri: `${server.baseUrl}${registerPath(body.client_id)}`,
    });
    expect(Number.isInteger(body.client_id_issued_at)).toBe(true);
    expect(body.client_id_issued_at).toBeGreaterThanOrEqual(before);
    expect(body.client_id_issued_at).toBeLessThanOrEqual(Date.now() / 1000);
  });

  it('registration access tokens have 256 random bits and are unique (RFC 7592 section 5)', async () => {
    const bodies = await Promise.all(Array.from({ length: 50 }, () => registered()));
    const tokens = bodies.map(({ registration_access_token: token }) => Buffer.from(token, 'base64url'));

    expect(tokens.map((token) => token.length)).toEqual(Array(50).fill(32));
    expect(new Set(tokens.map((token) => token.toString('hex'))).size).toBe(50);
    // Each of the 256 bits is set in some tokens and clear in others. By chance, this fails once in 2^41 runs.
    const union = tokens.reduce((one, other) => one.map((byte, i) => byte | (other[i] ?? 0)) as typeof one);
    const intersection = tokens.reduce((one, other) => one.map((byte, i) => byte & (other[i] ?? 0)) as typeof one);
    expect([...union]).toEqual(Array(32).fill(0xff));
    expect([...intersection]).toEqual(Array(32).fill(0));
  });

  describe.each(['GET', 'PUT', 'DELETE'])('%s', (method) => {
    const presented: [string, () => Promise<{ clientId: string; token: string | undefined }>][] = [
      ['no token', async () => ({ clientId: (await registered()).client_id, token: undefined })],
      ['a wrong token', async () => ({ clientId: (await registered()).client_id, token: 'wrong' })],
      [
        "another client's token",
        async () => ({
          clientId: (await registered()).client_id,
          token: (await registered()).registration_access_token,
        }),
      ],
      [
        'a token for an unknown client',
        async () => ({ clientId: String(UNUSED_CLIENT_ID), token: (await registered()).registration_access_token }),
      ],
      [
        'the token of a deleted client',
        async () => {
          const { client_id: clientId, registration_access_token: token } = await registered();
          expect((await protocol.delete(clientId, token)).status).toBe(204);
          return { clientId, token };
        },
      ],
    ];

    it.each(presented)(
      `with %s returns 401 with the challenge of RFC 6750, never 404 (RFC 7592 sections 2.1, 2.2 and 2.3, OpenID Connect Registration section 4.4)`,
      async (_what, present) => {
        const { clientId, token } = await present();
        const before = await server.storedClients();

        const response = await server.send({
          method,
          path: registerPath(clientId),
          headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
          body: method === 'PUT' ? JSON.stringify({ client_id: clientId, client_name: 'Mine' }) : undefined,
        });

        expect(response.status).toBe(401);
        expect(response.headers['www-authenticate']).toMatch(
          token ? /^Bearer .*error="invalid_token"/ : /^Bearer(?!.*error=)/,
        );
        expect(response.text).not.toContain('client_id');
        expect(await server.storedClients()).toEqual(before);
      },
    );
  });

  it('redirect URIs are all stored as sent, or all refused (OpenID Connect Registration section 3.2)', async () => {
    const redirect_uris = [
      'https://CLIENT.example.org:443/a/../b?x=%e3',
      'https://client.example.org',
      'com.example.app:/callback',
      'https://client.example.org',
    ];
    for (const unsupportedValues of ['STRICT', 'NARROW'] as const) {
      await server.configure({ unsupportedValues });
      const body = await registered({ redirect_uris });
      expect(body.redirect_uris).toEqual(redirect_uris);
      const read = await protocol.read(body.client_id, body.registration_access_token);
      expect(read.body.redirect_uris).toEqual(redirect_uris);

      const refused = await protocol.register({ redirect_uris: [...redirect_uris, 'https://client.example.org/#'] });
      expect([refused.status, refused.body]).toMatchObject([400, { error: 'invalid_redirect_uri' }]);
    }
  });

  it('strings are stored and compared by code points (OpenID Connect Registration section 6)', async () => {
    const [composed, decomposed] = ['\u00e9', 'e\u0301'];
    const one = await registered({ client_name: composed, software_id: decomposed, contacts: [composed, decomposed] });
    expect(one).toMatchObject({ client_name: composed, software_id: decomposed, contacts: [composed, decomposed] });
    // An escaped character is the same text.
    const escaped = await registered(JSON.parse('{"client_name":"\\u00e9"}') as object);
    expect(escaped.client_name).toBe(composed);

    await server.configure({ dcrDuplicateSoftwareIdBlocked: true });
    await registered({ software_id: composed });
    expect((await protocol.register({ ...METADATA, software_id: composed })).status).toBe(400);
  });
});
