import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK } from 'jose';
import { startServer, type TestServer } from './support/server.ts';

const ISSUER = 'https://issuer.example.com';
const REDIRECT_URIS = ['https://client.example.org/callback'];

interface Signer {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

async function newSigner(kid: string): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid } };
}

describe('software statements (RFC 7591 section 2.3)', () => {
  let server: TestServer;
  let signer: Signer;

  beforeAll(async () => {
    server = await startServer({ ALLOW_LOOPBACK_FETCH: 'true' });
    signer = await newSigner('1');
  });

  afterAll(() => server.close());

  beforeEach(() => server.configure({ softwareStatementIssuers: [trusted()] }));

  /** The issuer in the settings of the service. */
  function trusted(changes: object = {}) {
    return {
      issuer: ISSUER,
      jwks: { keys: [signer.jwk as Record<string, unknown>] },
      algorithms: ['ES256'],
      ...changes,
    };
  }

  function sign(claims: object, { privateKey, jwk }: Signer = signer, header: object = {}): Promise<string> {
    return new SignJWT({ iss: ISSUER, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: jwk.kid!, ...header })
      .sign(privateKey);
  }

  const register = (members: object) => server.call('register', { json: JSON.stringify(members) });

  it('are returned unmodified, with their claims as members beside them (section 3.2.1)', async () => {
    const software_statement = await sign({
      client_name: 'Signed',
      redirect_uris: REDIRECT_URIS,
      software_id: 's',
      jti: 'x',
    });
    const { body, content } = await register({ software_statement });

    expect(body.action).toBe('CREATED');
    expect(content).toMatchObject({
      software_statement,
      client_name: 'Signed',
      redirect_uris: REDIRECT_URIS,
      software_id: 's',
    });
    expect(content).not.toHaveProperty('jti');

    const { content: read } = await server.call('get', {
      clientId: content.client_id,
      token: content.registration_access_token,
    });
    expect(read).toEqual(content);
  });

  it('are recorded with their issuer as the origin of the client, also after an update without them', async () => {
    const registered = await register({ software_statement: await sign({ redirect_uris: REDIRECT_URIS }) });
    const { client_id, registration_access_token: token } = registered.content;
    const json = JSON.stringify({ client_id, redirect_uris: REDIRECT_URIS });
    await server.call('update', { clientId: client_id, token, json });

    const row = await server.stored(Number(client_id));
    expect(JSON.parse(String(row?.registration))).toEqual({ plane: 'api', statementIssuer: ISSUER });
  });

  it('take precedence over members of the same name (section 3.1.1), and cannot set what the server issues', async () => {
    const software_statement = await sign({ client_name: 'Signed', client_id: 'mine', client_secret: 'mine' });
    const { content } = await register({
      software_statement,
      client_name: 'Mine',
      client_uri: 'https://client.example.org/',
    });

    expect(content).toMatchObject({ client_name: 'Signed', client_uri: 'https://client.example.org/' });
    expect(content.client_id).not.toBe('mine');
    expect(content.client_secret).not.toBe('mine');
  });

  it('contain claims that are checked like members', async () => {
    const { body, content } = await register({
      software_statement: await sign({ redirect_uris: ['https://client.example.org/#x'] }),
    });
    expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A031210' });
    expect(content.error).toBe('invalid_software_statement');
  });

  it('are checked again in an update, which deletes an omitted statement (RFC 7592 section 2.2)', async () => {
    const { content } = await register({
      software_statement: await sign({ client_name: 'Signed', redirect_uris: REDIRECT_URIS }),
    });
    const { client_id, registration_access_token: token } = content;
    const update = (members: object) =>
      server.call('update', { clientId: client_id, token, json: JSON.stringify({ client_id, ...members }) });

    expect((await update({ ...content, client_name: 'Mine' })).content).toMatchObject({ client_name: 'Signed' });
    expect((await update({ software_statement: 'x' })).content.error).toBe('invalid_software_statement');
    expect((await update({ client_name: 'Mine' })).content).toMatchObject({ client_name: 'Mine' });
    const { content: read } = await server.call('get', { clientId: client_id, token });
    expect(read).not.toHaveProperty('software_statement');
  });

  const now = () => Math.floor(Date.now() / 1000);

  it.each<[string, string, string, () => Promise<unknown>]>([
    ['is not a string', 'A205301', 'invalid_software_statement', async () => Promise.resolve(1)],
    ['is not a JWT', 'A205301', 'invalid_software_statement', async () => Promise.resolve('x.y')],
    ['is encrypted', 'A205303', 'invalid_software_statement', async () => Promise.resolve('a.b.c.d.e')],
    ['does not contain JSON', 'A205304', 'invalid_software_statement', async () => Promise.resolve('e30.e30x!.x')],
    [
      'is not signed',
      'A205306',
      'invalid_software_statement',
      async () => Promise.resolve(new UnsecuredJWT({ iss: ISSUER }).encode()),
    ],
    ['is signed with another key', 'A205306', 'invalid_software_statement', async () => sign({}, await newSigner('1'))],
    [
      'was modified',
      'A205306',
      'invalid_software_statement',
      async () =>
        (await sign({ a: 1 })).replace(
          /\.[^.]+\./,
          `.${Buffer.from(JSON.stringify({ iss: ISSUER, a: 2 })).toString('base64url')}.`,
        ),
    ],
    [
      'contains its own key',
      'A205306',
      'invalid_software_statement',
      async () => {
        const other = await newSigner('2');
        return sign({}, other, { jwk: other.jwk });
      },
    ],
    ['has expired', 'A205310', 'invalid_software_statement', () => sign({ exp: now() - 3600 })],
    ['is not valid yet', 'A205310', 'invalid_software_statement', () => sign({ nbf: now() + 3600 })],
    ['was issued in the future', 'A205310', 'invalid_software_statement', () => sign({ iat: now() + 3600 })],
    [
      'has an issuer that is not trusted',
      'A205305',
      'unapproved_software_statement',
      () => sign({ iss: 'https://other.example' }),
    ],
    ['has no issuer', 'A205305', 'unapproved_software_statement', () => sign({ iss: undefined })],
  ])('are refused if one %s: %s', async (_what, resultCode, error, statement) => {
    const { body, content } = await register({ client_name: 'x', software_statement: await statement() });
    expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode });
    expect(content.error).toBe(error);
  });

  it('must be for the audience in the settings of the service', async () => {
    await server.configure({ softwareStatementIssuers: [trusted({ audience: 'https://as.example' })] });
    expect((await register({ software_statement: await sign({ aud: ['https://as.example'] }) })).body.action).toBe(
      'CREATED',
    );
    for (const aud of [undefined, 'https://other.example', ['x']]) {
      expect((await register({ software_statement: await sign({ aud }) })).content.error).toBe(
        'unapproved_software_statement',
      );
    }
  });

  it('must be signed with an algorithm that the service allows for the issuer', async () => {
    await server.configure({ softwareStatementIssuers: [trusted({ algorithms: ['RS256'] })] });
    expect((await register({ software_statement: await sign({}) })).content.error).toBe('invalid_software_statement');
  });

  it('are required if softwareStatementRequired is set', async () => {
    await server.configure({ softwareStatementIssuers: [trusted()], softwareStatementRequired: true });
    expect((await register({ client_name: 'x' })).content.error).toBe('invalid_software_statement');
    expect((await register({ software_statement: await sign({}) })).body.action).toBe('CREATED');
  });

  it('are not trusted unless the service names their issuer', async () => {
    await server.configure();
    expect((await register({ software_statement: await sign({}) })).content.error).toBe(
      'unapproved_software_statement',
    );
  });

  describe('of an issuer with a jwks_uri', () => {
    let issuer: Server;
    let keys: JWK[];
    let fetches: number;

    beforeEach(async () => {
      keys = [signer.jwk];
      fetches = 0;
      issuer = createServer((_request, response) => {
        fetches += 1;
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
      });
      await new Promise<void>((listening) => issuer.listen(0, '127.0.0.1', listening));
      const { port } = issuer.address() as AddressInfo;
      await server.configure({
        softwareStatementIssuers: [trusted({ jwks: undefined, jwksUri: `http://127.0.0.1:${port}/jwks` })],
      });
    });

    afterEach(() => {
      issuer.closeAllConnections();
      issuer.close();
    });

    it('are verified with its keys, which are fetched once', async () => {
      for (let i = 0; i < 3; i++) {
        expect((await register({ software_statement: await sign({}) })).body.action).toBe('CREATED');
      }
      expect(fetches).toBe(1);
    });

    it('cause a server error if the keys cannot be fetched', async () => {
      await new Promise((closed) => issuer.close(closed));
      const { body, content } = await register({ software_statement: await sign({}) });
      expect(body.action).toBe('INTERNAL_SERVER_ERROR');
      expect(content.error).toBe('server_error');
    });
  });
});
