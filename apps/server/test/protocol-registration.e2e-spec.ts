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

  const registerClient = async (metadata: object = METADATA): Promise<ClientInformation> => {
    const { status, body } = await protocol.register({ ...MINIMAL, ...metadata });
    expect(status).toBe(201);
    return body;
  };

  describe('POST to the client registration endpoint (RFC 7591 section 3)', () => {
    it('returns 201 with the client information response (section 3.2.1)', async () => {
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

    it('registers the same client as the API plane', async () => {
      const information = await registerClient(everyMember());
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
    ])('returns 400 with %s for %j (section 3.2.2)', async (error, metadata) => {
      const { status, headers, body } = await protocol.register(metadata);

      expect(status).toBe(400);
      expect(headers['content-type']).toMatch(/^application\/json/);
      expect(body.error).toMatch(error === 'unapproved_software_statement' ? /_software_statement$/ : error);
      expect(Object.keys(body).sort()).toEqual(['error', 'error_description']);
      expect(body.error_description).toMatch(/^[\x20-\x7e]+$/);
    });

    it('omits error_description if errorDescriptionOmitted is set', async () => {
      await server.configure({ errorDescriptionOmitted: true });

      expect((await protocol.register('[]')).text).toBe('{"error":"invalid_client_metadata"}');
    });

    it('returns 403 with access_denied while registration is disabled, and 201 afterwards', async () => {
      await server.configure({ protocolRegistration: 'OFF' });
      const { status, body } = await protocol.register(METADATA);
      expect(status).toBe(403);
      expect(body.error).toBe('access_denied');
      expect((await server.call('register', { json: '{}' })).body.action).toBe('CREATED');

      await server.configure();
      expect((await protocol.register(METADATA)).status).toBe(201);
    });

    it.each([
      'application/json',
      'Application/JSON; charset=UTF-8',
      'application/json;charset="utf-8"',
      'application/jwk+json',
    ])('accepts the Content-Type %s', async (type) => {
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
    ])('returns 415 for the Content-Type %j (section 3.1)', async (type) => {
      const { status, body } = await protocol.register(METADATA, { 'content-type': type });

      expect(status).toBe(415);
      expect(body.error).toBe('invalid_request');
    });

    it('returns 415 without a Content-Type, and for a Content-Encoding other than identity', async () => {
      expect((await protocol.send('POST', registerPath(), {}, '{}')).status).toBe(415);
      expect((await protocol.register('{}', { 'content-encoding': 'gzip' })).status).toBe(415);
      expect((await protocol.register(METADATA, { 'content-encoding': 'identity' })).status).toBe(201);
    });

    it('returns 413 if the body is too large, and 400 if the metadata is too long', async () => {
      const large = await protocol.register(`{"client_name":"${'x'.repeat(200_000)}"}`);
      expect(large.status).toBe(413);
      expect(large.body.error).toBe('invalid_request');

      const long = await protocol.register(`{"x":"${'x'.repeat(70_000)}"}`);
      expect(long.status).toBe(400);
      expect(long.body.error).toBe('invalid_client_metadata');
    });

    it('accepts UTF-8 only, and refuses duplicate and forbidden members', async () => {
      const name = 'クライアント 😀';
      expect((await registerClient({ client_name: name })).client_name).toBe(name);

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
    it('GET returns 200 with the response of the registration (section 2.1)', async () => {
      const information = await registerClient();
      const { client_id: clientId, registration_access_token: token } = information;

      const { status, body } = await protocol.read(clientId, token);

      expect(status).toBe(200);
      expect(body).toEqual(information);
    });

    it('HEAD returns the status and ETag of GET without a body', async () => {
      const { client_id: clientId, registration_access_token: token } = await registerClient();
      const headers = { authorization: `Bearer ${token}` };

      const { status, headers: responseHeaders, text } = await protocol.send('HEAD', registerPath(clientId), headers);

      expect([status, text]).toEqual([200, '']);
      expect(responseHeaders.etag).toBe((await protocol.read(clientId, token)).headers.etag);
      expect((await protocol.send('HEAD', registerPath(clientId), {})).status).toBe(401);
    });

    it('PUT returns 200 and replaces all metadata (section 2.2)', async () => {
      const { client_id: clientId, registration_access_token: token } = await registerClient({
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

    it('PUT of a previous response without the four members changes nothing (section 2.2)', async () => {
      const information = await registerClient(everyMember());
      const { client_id: clientId, registration_access_token: token } = information;

      const { status, body } = await protocol.update(clientId, token, without(information, ...FOUR_MEMBERS));

      expect(status).toBe(200);
      expect(body).toEqual(information);
    });

    it.each([
      ['no client_id', MINIMAL],
      ['another client_id', { ...MINIMAL, client_id: '1' }],
      ['a secret that the client chose', (id: string) => ({ ...MINIMAL, client_id: id, client_secret: 'x' })],
      [
        'another registration access token',
        (id: string) => ({ ...MINIMAL, client_id: id, registration_access_token: 'x' }),
      ],
      ['invalid metadata', (id: string) => ({ ...MINIMAL, client_id: id, contacts: 'x' })],
    ])('PUT with %s returns 400 and changes nothing (section 2.2)', async (_what, metadata) => {
      const information = await registerClient();
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
    ])('DELETE%s returns 204 and invalidates the token (section 2.3)', async (_what, headers) => {
      const { client_id: clientId, registration_access_token: token } = await registerClient();

      const { status, text, headers: responseHeaders } = await protocol.delete(clientId, token, headers);

      expect([status, text]).toEqual([204, '']);
      expect(responseHeaders).not.toHaveProperty('content-type');
      for (const response of [
        await protocol.read(clientId, token),
        await protocol.update(clientId, token, { ...MINIMAL, client_id: clientId }),
        await protocol.delete(clientId, token),
      ]) {
        expect([response.status, response.body.error]).toEqual([401, 'invalid_token']);
        expect(response.text).not.toContain(clientId);
      }
      expect(await server.stored(Number(clientId))).toBeUndefined();
    });

    it('DELETE ignores a body', async () => {
      const { client_id: clientId, registration_access_token: token } = await registerClient();
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

      expect((await protocol.send('DELETE', registerPath(clientId), headers, '{"nonsense":')).status).toBe(204);
    });

    it('PUT without a body returns 400', async () => {
      const { client_id: clientId, registration_access_token: token } = await registerClient();

      const { status, body } = await protocol.update(clientId, token, '');

      expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
    });

    it('is available while registration is disabled', async () => {
      const { client_id: clientId, registration_access_token: token } = await registerClient();
      await server.configure({ protocolRegistration: 'OFF' });

      expect((await protocol.read(clientId, token)).status).toBe(200);
      expect((await protocol.update(clientId, token, { ...MINIMAL, client_id: clientId })).status).toBe(200);
      expect((await protocol.delete(clientId, token)).status).toBe(204);
    });

    it('returns 401 for a wrong token even if the API plane returns BAD_REQUEST', async () => {
      await server.configure({ unauthorizedOnClientConfigSupported: false });

      expect((await protocol.read(1, 'wrong')).status).toBe(401);
    });
  });

  describe('ETag and If-Match (RFC 9110 sections 8.8.3 and 13.1.1)', () => {
    it('every response with a client contains the ETag of its version, which each change replaces', async () => {
      const created = await protocol.register(METADATA);
      const { client_id: clientId, registration_access_token: token } = created.body;
      const updated = await protocol.update(clientId, token, { ...MINIMAL, client_id: clientId });

      expect(created.headers.etag).toMatch(/^"[^"]+"$/);
      expect(updated.headers.etag).not.toBe(created.headers.etag);
      expect((await protocol.read(clientId, token)).headers.etag).toBe(updated.headers.etag);
    });

    it.each(['PUT', 'DELETE'])(
      '%s with an outdated, weak or malformed ETag returns 412 and changes nothing',
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

    it('If-Match: * matches any version', async () => {
      const { client_id: clientId, registration_access_token: token } = await registerClient();

      expect((await protocol.delete(clientId, token, { 'if-match': '*' })).status).toBe(204);
    });

    it('If-Match is checked after the token, so that a wrong token reveals no version', async () => {
      const { client_id: clientId } = await registerClient();

      expect((await protocol.delete(clientId, 'wrong', { 'if-match': '"x"' })).status).toBe(401);
    });

    it('only one of many concurrent updates of one version succeeds', async () => {
      const { headers, body } = await protocol.register(METADATA);
      const { client_id: clientId, registration_access_token: token } = body;

      const responses = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          protocol.update(
            clientId,
            token,
            { ...MINIMAL, client_id: clientId, client_name: `${i}` },
            { 'if-match': headers.etag! },
          ),
        ),
      );

      const succeeded = responses.filter(({ status }) => status === 200);
      expect(succeeded).toHaveLength(1);
      expect(responses.filter(({ status }) => status === 412)).toHaveLength(19);
      expect((await protocol.read(clientId, token)).body).toEqual(succeeded[0]!.body);
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
    ])('%s %s returns 405 with Allow (RFC 7592 section 2)', async (method, path, allow) => {
      const headers = { 'content-type': 'text/plain', authorization: `Bearer ${ACCESS_TOKEN}` };
      const response = await protocol.send(method, path, headers, /GET|HEAD|TRACE/.test(method) ? undefined : 'x');

      expect(response.status).toBe(405);
      expect(response.headers.allow).toBe(allow);
      if (method !== 'HEAD') expect(response.body.error).toBe('invalid_request');
    });

    it.each([registerPath(), registerPath(1), `/.well-known/openid-configuration/connect/${SERVICE_ID}`])(
      'OPTIONS %s returns 204 with Allow unless it is a preflight',
      async (path) => {
        const { status, headers, text } = await server.send({ method: 'OPTIONS', path, headers: {} });

        expect([status, text]).toEqual([204, '']);
        expect(headers.allow).toMatch(/OPTIONS$/);
      },
    );

    it('a header cannot override the method', async () => {
      const { client_id: clientId, registration_access_token: token } = await registerClient();

      await protocol.read(clientId, token, { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' });

      expect((await protocol.read(clientId, token)).status).toBe(200);
    });

    it('a slash at the end of a path is explained', async () => {
      const { status, headers, body } = await protocol.send('POST', `${registerPath()}/`, {});

      expect([status, headers.allow]).toEqual([404, undefined]);
      expect(body.error_description).toBe(
        'There is nothing at this path. Send the request to the path without the slash at its end.',
      );
    });

    it('a target in absolute form names the same path (RFC 9112 section 3.2.2)', async () => {
      const target = `http://other.example${registerPath(1)}`;

      expect((await protocol.send('GET', target, {})).status).toBe(401);
      expect((await protocol.send('GET', `${target}/nope`, {})).body.error).toBe('invalid_request');
    });

    it('a fragment with the path of another service is refused (RFC 9110 section 7.1)', async () => {
      const json = { 'content-type': 'application/json' };
      const target = `${registerPath(undefined, 1)}#/connect/${SERVICE_ID}/`;
      const before = (await server.storedClients()).length;
      const { status, body } = await protocol.send('POST', target, json, JSON.stringify(MINIMAL));

      expect([status, body.error_description]).toEqual([400, matching(/must not contain #/)]);
      expect(await server.storedClients()).toHaveLength(before);
    });

    it.each([
      '/connect',
      '/connect/',
      `/connect/${SERVICE_ID}`,
      `/connect/${SERVICE_ID}/nope`,
      `/connect/${SERVICE_ID}/register/1/2`,
      registerPath('9'.repeat(7000)),
      registerPath('%zz'),
    ])('the unknown path %s returns 404 with an OAuth error', async (path) => {
      const response = await server.send({ method: 'GET', path, headers: {} });

      expect(response.status).toBe(404);
      expect(JSON.parse(response.text)).toEqual({
        error: 'invalid_request',
        error_description: 'There is nothing at this path.',
      });
    });

    it.each(['1', '0', 'x', '-1', '1e9', `${SERVICE_ID}0`, '%00', '9007199254740993'])(
      'the unknown service %j returns 404',
      async (id) => {
        for (const [method, path] of [
          ['POST', registerPath(undefined, id)],
          ['GET', registerPath(1, id)],
        ] as const) {
          const headers = { 'content-type': 'application/json' };
          const response = await server.send({ method, path, headers, body: method === 'POST' ? '{}' : undefined });
          expect(response.status).toBe(404);
          expect(JSON.parse(response.text)).toEqual({
            error: 'invalid_request',
            error_description: 'There is no service at this path.',
          });
        }
      },
    );
  });

  it('no response may be cached, and every response has a request ID (RFC 7591 section 5)', async () => {
    const { client_id: clientId, registration_access_token: token } = await registerClient();

    for (const { status, headers } of [
      await protocol.register(METADATA),
      await protocol.register('['),
      await protocol.register(METADATA, { 'content-type': 'text/plain' }),
      await protocol.read(clientId, token),
      await protocol.read(clientId, 'wrong'),
      await protocol.send('PATCH', registerPath(), {}),
      await protocol.send('GET', '/connect/nope', {}),
      await protocol.send('GET', registerPath('9'.repeat(7000)), {}),
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
