import { jest } from '@jest/globals';
import type { OutgoingHttpHeaders } from 'node:http';
import { Database } from '../src/database/database.ts';
import { Sealer } from '../src/changes/sealer.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import { protocolOf, registerPath } from './support/protocol.ts';
import { everyMember } from './support/samples.ts';
import { ACCESS_TOKEN, HEADERS, SERVICE_ID, startServer, type Registered, type TestServer } from './support/server.ts';

const REFUSED =
  '{"error":"invalid_token","error_description":"The registration access token is not valid for this client."}';
const NO_TOKEN = 'Bearer realm="Clientele"';
const WRONG_TOKEN = 'Bearer realm="Clientele", error="invalid_token"';

/** Requests that the `Authorization` header does not authorize, and the challenge in the response. */
const UNAUTHORIZED: readonly (readonly [what: string, authorization: string | undefined, challenge: string])[] = [
  ['a request without Authorization', undefined, NO_TOKEN],
  ['an empty header', '', NO_TOKEN],
  ['the scheme alone', 'Bearer', WRONG_TOKEN],
  ['the scheme and a space', 'Bearer ', WRONG_TOKEN],
  ['another scheme', 'Basic YTpi', NO_TOKEN],
  ['another scheme with the token', 'Token $', NO_TOKEN],
  ['the scheme DPoP', 'DPoP $', NO_TOKEN],
  ['the token alone', '$', NO_TOKEN],
  ['the scheme and the token without a space', 'Bearer$', NO_TOKEN],
  ['a colon after the scheme', 'Bearer: $', WRONG_TOKEN],
  ['a tab after the scheme', 'Bearer\t$', WRONG_TOKEN],
  ['the token in quotes', 'Bearer "$"', WRONG_TOKEN],
  ['two tokens', 'Bearer $ $', WRONG_TOKEN],
  ['a list of credentials', 'Bearer $, Bearer $', WRONG_TOKEN],
  ['a parameter instead of the token', 'Bearer token=$', WRONG_TOKEN],
  ['padding before the token', 'Bearer =$', WRONG_TOKEN],
  ['a character outside ASCII', 'Bearer \u00e4$', WRONG_TOKEN],
  ['the token with another character', 'Bearer $-', WRONG_TOKEN],
  ['the token with padding', 'Bearer $=', WRONG_TOKEN],
  ['a very long token', `Bearer ${'x'.repeat(8000)}`, WRONG_TOKEN],
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
      const response = await attempt(method, id, headers);
      expect([method, response.status, response.text]).toEqual([method, 401, REFUSED]);
      expect(response.headers['www-authenticate']).toBe(challenge);
      expect(response.headers['cache-control']).toBe('no-store');
    }
    expect(await server.storedClients()).toEqual(before);
  };

  it.each(UNAUTHORIZED)('%s gets 401', async (_what, authorization, challenge) => {
    const headers = authorization === undefined ? {} : { authorization: authorization.replaceAll('$', client.token) };

    await expectRefused(client.clientId, headers, challenge);
  });

  it('two Authorization headers get 401, even if one of them is correct', async () => {
    await expectRefused(
      client.clientId,
      { authorization: [`Bearer ${client.token}`, 'Bearer x'] as unknown as string },
      WRONG_TOKEN,
    );
  });

  it('a token outside the Authorization header gets 401', async () => {
    for (const path of [`?access_token=${client.token}`, `?token=${client.token}`]) {
      const { status, text } = await protocol.send('GET', registerPath(client.clientId) + path, {
        'x-access-token': client.token,
      });
      expect([status, text]).toEqual([401, REFUSED]);
    }
  });

  it.each(['BEARER', 'bearer', 'bEaReR'])(
    'the case of the scheme is ignored: %s (RFC 9110 section 11.1)',
    async (scheme) => {
      expect((await attempt('GET', client.clientId, { authorization: `${scheme} ${client.token}` })).status).toBe(200);
    },
  );

  it('a token for another purpose gets 401: another client, a deleted client, the API, registration', async () => {
    const deleted = await server.register();
    await protocol.delete(deleted.clientId, deleted.token);
    const path = `/api/${SERVICE_ID}/initial_access_token/create`;
    const created = await server.send({ path, headers: HEADERS, body: '{}' });
    const { initialAccessToken } = JSON.parse(created.text) as { initialAccessToken: string };

    for (const token of [
      other.token,
      deleted.token,
      ACCESS_TOKEN,
      initialAccessToken,
      client.client.clientSecret,
      'x',
    ]) {
      await expectRefused(client.clientId, { authorization: `Bearer ${String(token)}` }, WRONG_TOKEN);
    }
    await expectRefused(deleted.clientId, { authorization: `Bearer ${deleted.token}` }, WRONG_TOKEN);
  });

  it.each([1, 0, -1, 'x', '1e3', '0x1', '9007199254740993', '%20', "';--", '..%2f', '1.0', '01'])(
    'the unknown client %j gets 401, never 404 (OpenID Connect Registration section 4.4)',
    async (id) => {
      await expectRefused(id, { authorization: `Bearer ${client.token}` }, WRONG_TOKEN);
      await expectRefused(id, {}, NO_TOKEN);
    },
  );

  it.each([
    ['locked', { locked: 1, administration: '{"locked":true}' }],
    ['not registered dynamically', { source: 'static' }],
  ])('a request for a client that is %s gets the same 401 response', async (_why, columns) => {
    const special = await server.register();
    await server.changeStored(special.clientId, columns);

    await expectRefused(special.clientId, { authorization: `Bearer ${special.token}` }, WRONG_TOKEN);
    await expectRefused(special.clientId, { authorization: 'Bearer x' }, WRONG_TOKEN);
  });

  it('no document is read for a wrong token', async () => {
    const read = jest.spyOn(server.app.get(Database), 'read');
    const rowsOf = async (method: 'GET' | 'DELETE', token: string): Promise<string> => {
      read.mockClear();
      await attempt(method, client.clientId, { authorization: `Bearer ${token}` });
      return JSON.stringify(await Promise.all(read.mock.results.map(({ value }) => value as Promise<unknown>)));
    };

    for (const method of ['GET', 'DELETE'] as const) {
      const rows = await rowsOf(method, 'wrong');
      expect(rows).toContain(`"client_id":${client.clientId}`);
      expect(rows).not.toContain('redirect_uris');
    }
    expect(await rowsOf('GET', client.token)).toContain('redirect_uris');
  });

  it('a wrong token causes the same work for known and unknown clients: as many reads, and no secret is decrypted', async () => {
    // Otherwise the sealer reads and parses, too.
    await server.app.get(Sealer).onModuleDestroy();
    const decrypt = jest.spyOn(server.app.get(SecretEncryption), 'decrypt');
    const parse = jest.spyOn(JSON, 'parse');
    const read = jest.spyOn(server.app.get(Database), 'read');
    const workOf = async (id: number | string): Promise<number[]> => {
      await attempt('GET', id, {});
      decrypt.mockClear();
      parse.mockClear();
      read.mockClear();
      await protocol.send('GET', registerPath(id), { authorization: 'Bearer wrong' });
      return [decrypt, parse, read].map(({ mock }) => mock.calls.length);
    };

    const known = await workOf(client.clientId);
    expect(known).toEqual(await workOf(1));
    expect(known[0]).toBe(0);
    await attempt('GET', client.clientId, { authorization: `Bearer ${client.token}` });
    expect(decrypt).toHaveBeenCalledTimes(1);
  });
});
