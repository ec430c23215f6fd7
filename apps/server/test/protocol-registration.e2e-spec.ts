import type { ClientInformation } from '@clientele/model/metadata';
import { matching } from './support/matchers.ts';
import { MINIMAL, protocolOf, registerPath, type ProtocolAnswer } from './support/protocol.ts';
import { everyMember, FOUR_MEMBERS, without } from './support/samples.ts';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const METADATA = { ...MINIMAL, client_name: 'My Client' };

describe('the protocol plane', () => {
  let server: TestServer;
  let protocol: ReturnType<typeof protocolOf>;

  beforeAll(async () => {
    server = await startServer();
    protocol = protocolOf(server);
  });

  afterAll(() => server.close());
  afterEach(() => server.configure());

  const registered = async (metadata: object = METADATA): Promise<ClientInformation> => {
    const { status, body } = await protocol.register({ ...MINIMAL, ...metadata });
    expect(status).toBe(201);
    return body;
  };

  describe('POST, the client registration endpoint (RFC 7591 section 3)', () => {
    it('is 201 with the client information response (section 3.2.1)', async () => {
      const { status, headers, body } = await protocol.register(METADATA);

      expect(status).toBe(201);
      expect(headers['content-type']).toMatch(/^application\/json/);
      expect(body).toMatchObject({
        ...METADATA,
        client_id: matching(/^\d+$/),
        client_secret: matching(/^[\w-]{86}$/),
        client_secret_expires_at: 0,
        grant_types: ['authorization_code'],
        registration_access_token: matching(/^[\w-]{43}$/),
        registration_client_uri: `${server.baseUrl}${registerPath(body.client_id)}`,
      });
      expect(headers.location).toBe(body.registration_client_uri);
    });

    it('registers the same client, by the same rules, as the API plane', async () => {
      const information = await registered(everyMember());
      const { information: ofApi } = await server.register(everyMember());

      const issued = [...FOUR_MEMBERS, 'client_id', 'client_secret'];
      expect(without(information, ...issued)).toEqual(without(ofApi, ...issued));
      const { client } = await server.get({
        clientId: Number(information.client_id),
        token: information.registration_access_token,
      } as never);
      expect(client).toMatchObject({ dynamicallyRegistered: true, clientSource: 'DYNAMIC_REGISTRATION' });
    });

    it.each([
      ['invalid_redirect_uri', { redirect_uris: ['https://client.example.org/#fragment'] }],
      ['invalid_client_metadata', { client_name: 1 }],
      ['invalid_client_metadata', '{"client_name":'],
      ['invalid_client_metadata', ''],
      ['invalid_client_metadata', '[]'],
      ['unapproved_software_statement', { software_statement: 'e30.e30.e30' }],
    ])('is 400 with %s for %j (section 3.2.2)', async (error, metadata) => {
      const { status, headers, body } = await protocol.register(metadata);

      expect(status).toBe(400);
      expect(headers['content-type']).toMatch(/^application\/json/);
      expect(body.error).toMatch(error === 'unapproved_software_statement' ? /_software_statement$/ : error);
      expect(Object.keys(body).sort()).toEqual(['error', 'error_description']);
      expect(body.error_description).toMatch(/^[\x20-\x7e]+$/);
    });

    it('leaves error_description out where the service says so', async () => {
      await server.configure({ errorDescriptionOmitted: true });

      expect((await protocol.register('[]')).text).toBe('{"error":"invalid_client_metadata"}');
    });

    it('is 403 with access_denied while registration is off, and from then on 201 again', async () => {
      await server.configure({ dynamicRegistrationSupported: false });
      const { status, body } = await protocol.register(METADATA);
      expect(status).toBe(403);
      expect(body.error).toBe('access_denied');

      await server.configure();
      expect((await protocol.register(METADATA)).status).toBe(201);
    });

    it.each([
      'application/json',
      'Application/JSON; charset=UTF-8',
      'application/json;charset="utf-8"',
      'application/jwk+json',
    ])('takes %s', async (type) => {
      expect((await protocol.register(METADATA, { 'content-type': type })).status).toBe(201);
    });

    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'application/json; charset=utf-16',
      'application/json; charset=utf-80',
      'json',
      '',
      ';',
    ])('is 415 for %j (section 3.1)', async (type) => {
      const { status, body } = await protocol.register(METADATA, { 'content-type': type });

      expect(status).toBe(415);
      expect(body.error).toBe('invalid_request');
    });

    it('is 415 without a Content-Type, and for a Content-Encoding', async () => {
      expect((await protocol.send('POST', registerPath(), {}, '{}')).status).toBe(415);
      expect((await protocol.register('{}', { 'content-encoding': 'gzip' })).status).toBe(415);
      expect((await protocol.register(METADATA, { 'content-encoding': 'identity' })).status).toBe(201);
    });

    it('is 413 for a body that could not be registered, 400 for metadata that is too long', async () => {
      const large = await protocol.register(`{"client_name":"${'x'.repeat(200_000)}"}`);
      expect(large.status).toBe(413);
      expect(large.body.error).toBe('invalid_request');

      const long = await protocol.register(`{"x":"${'x'.repeat(70_000)}"}`);
      expect(long.status).toBe(400);
      expect(long.body.error).toBe('invalid_client_metadata');
    });

    it('reads the text as it is: UTF-8 only, a duplicate member refused, a forbidden one too', async () => {
      const name = 'クライアント 😀';
      expect((await registered({ client_name: name })).client_name).toBe(name);

      const latin1 = Buffer.from('{"client_name":"ä"}', 'latin1');
      const { status, body } = await protocol.send(
        'POST',
        registerPath(),
        { 'content-type': 'application/json' },
        latin1,
      );
      expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
      expect((await protocol.register('{"client_name":"a","client_name":"b"}')).body.error_description).toContain(
        'A203307',
      );
      expect((await protocol.register('{"__proto__":{}}')).body.error_description).toContain('A203306');
    });
  });

  describe('the client configuration endpoint (RFC 7592 section 2)', () => {
    it('GET is 200 with what the registration answered (section 2.1)', async () => {
      const information = await registered();
      const { client_id: clientId, registration_access_token: token } = information;

      const { status, body } = await protocol.read(clientId, token);

      expect(status).toBe(200);
      expect(body).toEqual(information);
    });

    it('HEAD is as GET without the body', async () => {
      const { client_id: clientId, registration_access_token: token } = await registered();
      const headers = { authorization: `Bearer ${token}` };

      const { status, headers: answered, text } = await protocol.send('HEAD', registerPath(clientId), headers);

      expect([status, text]).toEqual([200, '']);
      expect(answered.etag).toBe((await protocol.read(clientId, token)).headers.etag);
      expect((await protocol.send('HEAD', registerPath(clientId), {})).status).toBe(401);
    });

    it('PUT is 200 and replaces everything (section 2.2)', async () => {
      const { client_id: clientId, registration_access_token: token } = await registered({
        ...METADATA,
        tos_uri: 'https://client.example.org/tos',
      });

      const { status, body } = await protocol.update(clientId, token, {
        ...MINIMAL,
        client_id: clientId,
        client_name: 'New',
      });

      expect(status).toBe(200);
      expect(body).toMatchObject({ client_id: clientId, client_name: 'New', registration_access_token: token });
      expect(body).not.toHaveProperty('tos_uri');
      expect((await protocol.read(clientId, token)).body).toEqual(body);
    });

    it('PUT takes the response without the four members, and changes nothing (section 2.2)', async () => {
      const information = await registered(everyMember());
      const { client_id: clientId, registration_access_token: token } = information;

      const { status, body } = await protocol.update(clientId, token, without(information, ...FOUR_MEMBERS));

      expect(status).toBe(200);
      expect(body).toEqual(information);
    });

    it.each([
      ['no client_id', MINIMAL],
      ['another client_id', { ...MINIMAL, client_id: '1' }],
      ['a secret of its own choice', (id: string) => ({ ...MINIMAL, client_id: id, client_secret: 'x' })],
      [
        'another registration access token',
        (id: string) => ({ ...MINIMAL, client_id: id, registration_access_token: 'x' }),
      ],
      ['wrong metadata', (id: string) => ({ ...MINIMAL, client_id: id, contacts: 'x' })],
    ])('PUT with %s is 400 and changes nothing (section 2.2)', async (_what, metadata) => {
      const information = await registered();
      const { client_id: clientId, registration_access_token: token } = information;

      const { status, body } = await protocol.update(
        clientId,
        token,
        typeof metadata === 'function' ? metadata(clientId) : metadata,
      );

      expect(status).toBe(400);
      expect(body.error).toBe('invalid_client_metadata');
      expect(body).not.toHaveProperty('client_id');
      expect((await protocol.read(clientId, token)).body).toEqual(information);
    });

    it.each<[string, Record<string, string>]>([
      ['', {}],
      [' with a JSON Content-Type', { 'content-type': 'application/json' }],
      [' with an empty body of a JSON Content-Type', { 'content-type': 'application/json', 'content-length': '0' }],
      [' with a form Content-Type', { 'content-type': 'application/x-www-form-urlencoded' }],
    ])('DELETE%s is 204, and the token is worthless from then on (section 2.3)', async (_what, headers) => {
      const { client_id: clientId, registration_access_token: token } = await registered();

      const { status, text, headers: answered } = await protocol.delete(clientId, token, headers);

      expect([status, text]).toEqual([204, '']);
      expect(answered).not.toHaveProperty('content-type');
      for (const answer of [
        await protocol.read(clientId, token),
        await protocol.update(clientId, token, { ...MINIMAL, client_id: clientId }),
        await protocol.delete(clientId, token),
      ]) {
        expect([answer.status, answer.body.error]).toEqual([401, 'invalid_token']);
        expect(answer.text).not.toContain(clientId);
      }
      expect(await server.stored(Number(clientId))).toBeUndefined();
    });

    it('DELETE takes no notice of a body', async () => {
      const { client_id: clientId, registration_access_token: token } = await registered();
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

      expect((await protocol.send('DELETE', registerPath(clientId), headers, '{"nonsense":')).status).toBe(204);
    });

    it('PUT without a body is 400', async () => {
      const { client_id: clientId, registration_access_token: token } = await registered();

      const { status, body } = await protocol.update(clientId, token, '');

      expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
    });

    it('stays while registration is off', async () => {
      const { client_id: clientId, registration_access_token: token } = await registered();
      await server.configure({ dynamicRegistrationSupported: false });

      expect((await protocol.read(clientId, token)).status).toBe(200);
      expect((await protocol.update(clientId, token, { ...MINIMAL, client_id: clientId })).status).toBe(200);
      expect((await protocol.delete(clientId, token)).status).toBe(204);
    });

    it('is 401 for a failed token also where the API plane says BAD_REQUEST', async () => {
      await server.configure({ unauthorizedOnClientConfigSupported: false });

      expect((await protocol.read(1, 'wrong')).status).toBe(401);
    });
  });

  describe('ETag and If-Match (RFC 9110 sections 8.8.3 and 13.1.1)', () => {
    it('every answer with a client has the tag of its version; a change brings another one', async () => {
      const created = await protocol.register(METADATA);
      const { client_id: clientId, registration_access_token: token } = created.body;
      const updated = await protocol.update(clientId, token, { ...MINIMAL, client_id: clientId });

      expect(created.headers.etag).toMatch(/^"[^"]+"$/);
      expect(updated.headers.etag).not.toBe(created.headers.etag);
      expect((await protocol.read(clientId, token)).headers.etag).toBe(updated.headers.etag);
    });

    it.each(['PUT', 'DELETE'])(
      '%s with a stale one, a weak one or nonsense is 412 and changes nothing',
      async (method) => {
        const created = await protocol.register(METADATA);
        const { client_id: clientId, registration_access_token: token } = created.body;
        const { headers, body: current } = await protocol.update(clientId, token, { ...MINIMAL, client_id: clientId });
        const change = (tag: string): Promise<ProtocolAnswer> =>
          method === 'PUT'
            ? protocol.update(
                clientId,
                token,
                { ...MINIMAL, client_id: clientId, client_name: 'x' },
                { 'if-match': tag },
              )
            : protocol.delete(clientId, token, { 'if-match': tag });

        for (const tag of [created.headers.etag!, `W/${headers.etag!}`, 'x', '', '""', '"2', '2']) {
          const { status, body } = await change(tag);
          expect([tag, status, body.error]).toEqual([tag, 412, 'invalid_request']);
        }
        expect((await protocol.read(clientId, token)).body).toEqual(current);
        expect((await change(`"x", ${headers.etag!}`)).status).toBe(method === 'PUT' ? 200 : 204);
      },
    );

    it('If-Match: * is any version', async () => {
      const { client_id: clientId, registration_access_token: token } = await registered();

      expect((await protocol.delete(clientId, token, { 'if-match': '*' })).status).toBe(204);
    });

    it('is judged after the token: a stranger learns nothing of versions', async () => {
      const { client_id: clientId } = await registered();

      expect((await protocol.delete(clientId, 'wrong', { 'if-match': '"x"' })).status).toBe(401);
    });

    it('of many updates of one version at the same time, one is carried out', async () => {
      const { headers, body } = await protocol.register(METADATA);
      const { client_id: clientId, registration_access_token: token } = body;

      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          protocol.update(
            clientId,
            token,
            { ...MINIMAL, client_id: clientId, client_name: `${i}` },
            { 'if-match': headers.etag! },
          ),
        ),
      );

      const winners = answers.filter(({ status }) => status === 200);
      expect(winners).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 412)).toHaveLength(19);
      expect((await protocol.read(clientId, token)).body).toEqual(winners[0]!.body);
    });
  });

  describe('methods', () => {
    it.each([
      ['GET', registerPath(), 'POST, OPTIONS'],
      ['HEAD', registerPath(), 'POST, OPTIONS'],
      ['PUT', registerPath(), 'POST, OPTIONS'],
      ['PATCH', registerPath(), 'POST, OPTIONS'],
      ['PROPFIND', registerPath(), 'POST, OPTIONS'],
      ['DELETE', `${registerPath()}?x=y`, 'POST, OPTIONS'],
      ['POST', registerPath(1), 'GET, HEAD, PUT, DELETE, OPTIONS'],
      ['PATCH', registerPath(1), 'GET, HEAD, PUT, DELETE, OPTIONS'],
      ['TRACE', registerPath(1), 'GET, HEAD, PUT, DELETE, OPTIONS'],
      ['POST', `/connect/${SERVICE_ID}/.well-known/openid-configuration`, 'GET, HEAD, OPTIONS'],
      ['DELETE', `/.well-known/oauth-authorization-server/connect/${SERVICE_ID}`, 'GET, HEAD, OPTIONS'],
    ])('%s %s is 405 with Allow (RFC 7592 section 2)', async (method, path, allow) => {
      const headers = { 'content-type': 'text/plain', authorization: `Bearer ${ACCESS_TOKEN}` };
      const answer = await protocol.send(method, path, headers, /GET|HEAD|TRACE/.test(method) ? undefined : 'x');

      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBe(allow);
      if (method !== 'HEAD') expect(answer.body.error).toBe('invalid_request');
    });

    it.each([registerPath(), registerPath(1), `/.well-known/openid-configuration/connect/${SERVICE_ID}`])(
      'OPTIONS %s that is no preflight is 204 with Allow',
      async (path) => {
        const { status, headers, text } = await server.send({ method: 'OPTIONS', path, headers: {} });

        expect([status, text]).toEqual([204, '']);
        expect(headers.allow).toMatch(/OPTIONS$/);
      },
    );

    it('the method cannot be overridden by a header', async () => {
      const { client_id: clientId, registration_access_token: token } = await registered();

      await protocol.read(clientId, token, { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' });

      expect((await protocol.read(clientId, token)).status).toBe(200);
    });

    it.each([
      '/connect',
      '/connect/',
      `/connect/${SERVICE_ID}`,
      `/connect/${SERVICE_ID}/nope`,
      `/connect/${SERVICE_ID}/register/1/2`,
      registerPath('9'.repeat(500)),
      registerPath('%zz'),
    ])('nothing is at %s: 404 as an OAuth error', async (path) => {
      const answer = await server.send({ method: 'GET', path, headers: {} });

      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.text)).toEqual({
        error: 'invalid_request',
        error_description: 'There is nothing at this path.',
      });
    });

    it.each(['1', '0', 'x', '-1', '1e9', `${SERVICE_ID}0`, '%00', '9007199254740993'])(
      'a service %j that is not there is 404',
      async (id) => {
        for (const [method, path] of [
          ['POST', registerPath(undefined, id)],
          ['GET', registerPath(1, id)],
        ] as const) {
          const headers = { 'content-type': 'application/json' };
          const answer = await server.send({ method, path, headers, body: method === 'POST' ? '{}' : undefined });
          expect(answer.status).toBe(404);
          expect(JSON.parse(answer.text)).toEqual({
            error: 'invalid_request',
            error_description: 'There is no service at this path.',
          });
        }
      },
    );
  });

  it('every answer is kept out of caches and has a request ID (RFC 7591 section 5)', async () => {
    const { client_id: clientId, registration_access_token: token } = await registered();

    for (const { status, headers } of [
      await protocol.register(METADATA),
      await protocol.register('['),
      await protocol.register(METADATA, { 'content-type': 'text/plain' }),
      await protocol.read(clientId, token),
      await protocol.read(clientId, 'wrong'),
      await protocol.send('PATCH', registerPath(), {}),
      await protocol.send('GET', '/connect/nope', {}),
      await protocol.send('GET', registerPath('9'.repeat(500)), {}),
      await protocol.delete(clientId, token),
    ]) {
      expect([status, headers]).toEqual([
        status,
        expect.objectContaining({
          'cache-control': 'no-store',
          pragma: 'no-cache',
          'x-request-id': matching(/^[\da-f-]{36}$/),
        }),
      ]);
    }
  });
});
