import { jest } from '@jest/globals';
import type { OutgoingHttpHeaders } from 'node:http';
import { Database } from '../src/database/database.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import { protocolOf, registerPath } from './support/protocol.ts';
import { everyMember } from './support/samples.ts';
import { ACCESS_TOKEN, HEADERS, SERVICE_ID, startServer, type Registered, type TestServer } from './support/server.ts';

const REFUSED =
  '{"error":"invalid_token","error_description":"The registration access token is not valid for this client."}';
const NO_TOKEN = 'Bearer realm="Clientele"';
const WRONG_TOKEN = 'Bearer realm="Clientele", error="invalid_token"';

/** What an `Authorization` header may look like that authorizes nothing, and the challenge in return. */
const MALFORMED: readonly (readonly [what: string, authorization: string | undefined, challenge: string])[] = [
  ['none', undefined, NO_TOKEN],
  ['an empty one', '', NO_TOKEN],
  ['the scheme alone', 'Bearer', WRONG_TOKEN],
  ['the scheme and a blank', 'Bearer ', WRONG_TOKEN],
  ['another scheme', 'Basic YTpi', NO_TOKEN],
  ['another scheme with the token', 'Token $', NO_TOKEN],
  ['DPoP', 'DPoP $', NO_TOKEN],
  ['the token alone', '$', NO_TOKEN],
  ['no blank', 'Bearer$', NO_TOKEN],
  ['a colon', 'Bearer: $', WRONG_TOKEN],
  ['a tab', 'Bearer\t$', WRONG_TOKEN],
  ['quotes', 'Bearer "$"', WRONG_TOKEN],
  ['two tokens', 'Bearer $ $', WRONG_TOKEN],
  ['a list', 'Bearer $, Bearer $', WRONG_TOKEN],
  ['a parameter', 'Bearer token=$', WRONG_TOKEN],
  ['padding in the middle', 'Bearer =$', WRONG_TOKEN],
  ['what is no ASCII', 'Bearer \u00e4$', WRONG_TOKEN],
  ['the token cut short', 'Bearer $-', WRONG_TOKEN],
  ['the token padded', 'Bearer $=', WRONG_TOKEN],
  ['a very long one', `Bearer ${'x'.repeat(8000)}`, WRONG_TOKEN],
];

describe('credentials at the client configuration endpoint (RFC 7592 section 2.1, RFC 6750 section 3.1)', () => {
  let server: TestServer;
  let protocol: ReturnType<typeof protocolOf>;
  let client: Registered;
  let other: Registered;

  beforeAll(async () => {
    server = await startServer();
    protocol = protocolOf(server);
    client = await server.register(everyMember());
    other = await server.register();
  });

  afterAll(() => server.close());
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const METHODS = ['GET', 'PUT', 'DELETE'] as const;
  const body = (id: number | string) => JSON.stringify({ client_id: String(id) });
  const attempt = (method: (typeof METHODS)[number], id: number | string, headers: OutgoingHttpHeaders) =>
    protocol.send(
      method,
      registerPath(id),
      { ...(method === 'PUT' && { 'content-type': 'application/json' }), ...headers },
      method === 'PUT' ? body(id) : undefined,
    );

  const expectRefused = async (id: number | string, headers: OutgoingHttpHeaders, challenge: string): Promise<void> => {
    const before = await server.storedClients();
    for (const method of METHODS) {
      const answer = await attempt(method, id, headers);
      expect([method, answer.status, answer.text]).toEqual([method, 401, REFUSED]);
      expect(answer.headers['www-authenticate']).toBe(challenge);
      expect(answer.headers['cache-control']).toBe('no-store');
    }
    expect(await server.storedClients()).toEqual(before);
  };

  it.each(MALFORMED)('%s is 401', async (_what, authorization, challenge) => {
    const headers = authorization === undefined ? {} : { authorization: authorization.replaceAll('$', client.token) };

    await expectRefused(client.clientId, headers, challenge);
  });

  it('two Authorization headers are none, also where one of them is right', async () => {
    await expectRefused(
      client.clientId,
      { authorization: [`Bearer ${client.token}`, 'Bearer x'] as unknown as string },
      WRONG_TOKEN,
    );
  });

  it('the token elsewhere than in the header is none', async () => {
    for (const path of [`?access_token=${client.token}`, `?token=${client.token}`]) {
      const { status, text } = await protocol.send('GET', registerPath(client.clientId) + path, {
        'x-access-token': client.token,
      });
      expect([status, text]).toEqual([401, REFUSED]);
    }
  });

  it.each(['BEARER', 'bearer', 'bEaReR'])('the scheme may be written %s (RFC 9110 section 11.1)', async (scheme) => {
    expect((await attempt('GET', client.clientId, { authorization: `${scheme} ${client.token}` })).status).toBe(200);
  });

  it('a token that opens something else is 401: of another client, of a deleted one, for the API, for registering', async () => {
    const gone = await server.register();
    await protocol.delete(gone.clientId, gone.token);
    const path = `/api/${SERVICE_ID}/initial_access_token/create`;
    const created = await server.send({ path, headers: HEADERS, body: '{}' });
    const { initialAccessToken } = JSON.parse(created.text) as { initialAccessToken: string };

    for (const token of [other.token, gone.token, ACCESS_TOKEN, initialAccessToken, client.client.clientSecret, 'x']) {
      await expectRefused(client.clientId, { authorization: `Bearer ${String(token)}` }, WRONG_TOKEN);
    }
    await expectRefused(gone.clientId, { authorization: `Bearer ${gone.token}` }, WRONG_TOKEN);
  });

  it.each([1, 0, -1, 'x', '1e3', '0x1', '9007199254740993', '%20', "';--", '..%2f', '1.0', '01'])(
    'a client %j that is not there is 401, and 404 never (OpenID Connect Registration section 4.4)',
    async (id) => {
      await expectRefused(id, { authorization: `Bearer ${client.token}` }, WRONG_TOKEN);
      await expectRefused(id, {}, NO_TOKEN);
    },
  );

  it.each([
    ['locked', { locked: true }],
    ['not registered dynamically', { dynamicallyRegistered: false }],
  ])('a client that is %s is 401 in the same words', async (_why, properties) => {
    const special = await server.register();
    await server.amend(special.clientId, properties);

    await expectRefused(special.clientId, { authorization: `Bearer ${special.token}` }, WRONG_TOKEN);
    await expectRefused(special.clientId, { authorization: 'Bearer x' }, WRONG_TOKEN);
  });

  it('a wrong token takes no more work for a client that is there: as many reads; its secret and its document stay closed', async () => {
    const decrypt = jest.spyOn(server.app.get(SecretEncryption), 'decrypt');
    const parse = jest.spyOn(JSON, 'parse');
    const read = jest.spyOn(server.app.get(Database), 'read');
    const worked = async (id: number | string): Promise<number[]> => {
      await attempt('GET', id, {});
      decrypt.mockClear();
      parse.mockClear();
      read.mockClear();
      await protocol.send('GET', registerPath(id), { authorization: 'Bearer wrong' });
      return [decrypt, parse, read].map(({ mock }) => mock.calls.length);
    };

    const there = await worked(client.clientId);
    expect(there).toEqual(await worked(1));
    expect(there[0]).toBe(0);
    await attempt('GET', client.clientId, { authorization: `Bearer ${client.token}` });
    expect(decrypt).toHaveBeenCalledTimes(1);
  });
});
