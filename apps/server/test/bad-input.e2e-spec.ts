import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { everythingService } from './support/everything-service.ts';
import type { AccessRight } from '../src/access/access-right.ts';
import { hashToken } from '../src/crypto/token.ts';
import type { RawAnswer, RawRequest } from './support/http.ts';
import { any, matching } from './support/matchers.ts';
import { everyMember, JWK } from './support/samples.ts';
import {
  ACCESS_TOKEN,
  HEADERS,
  pathOf,
  SERVICE_ID,
  startServer,
  type Answer,
  type Operation,
  type Registered,
  type TestServer,
} from './support/server.ts';

/** The response to an invalid request names the party at fault. It is never 5xx, and nothing changes. */
describe('bad input', () => {
  let server: TestServer;
  let registered: Registered;
  let before: unknown;

  beforeAll(async () => {
    server = await startServer();
    registered = await server.register(everyMember());
    // The first use is noted.
    await server.get(registered);
  });

  beforeEach(async () => {
    before = await server.storedClients();
  });

  afterEach(async () => {
    expect(await server.storedClients()).toEqual(before);
  });

  afterAll(() => server.close());

  /** The caller of the API erred: an HTTP status and a result code, no action. */
  const expectApiError = async (
    request: Partial<RawRequest>,
    status: number,
    resultCode: string,
    text = '',
  ): Promise<RawAnswer> => {
    const response = await server.send(request);

    expect({ status: response.status, body: JSON.parse(response.text) as unknown }).toEqual({
      status,
      body: { resultCode, resultMessage: matching(new RegExp(`^\\[${resultCode}\\] .+${text}`)) },
    });
    return response;
  };

  /** The client application erred: HTTP 200, an action, and an error in the response content. */
  const expectRefused = (response: Answer, action: string, resultCode: string, error: string): void => {
    expect({ status: response.status, body: response.body, content: response.content }).toEqual({
      status: 200,
      body: {
        resultCode,
        resultMessage: matching(new RegExp(`^\\[${resultCode}\\] .+`)),
        action,
        responseContent: any(String),
      },
      // RFC 7591 section 3.2.2: ASCII.
      content: { error, error_description: matching(/^[\x20-\x7e]+$/) },
    });
  };

  /** A valid body of the operation, with some members changed. */
  const bodyOf = (operation: Operation, changes: object = {}): object => {
    const { clientId, token, information } = registered;
    const json = JSON.stringify({ client_id: information.client_id });
    return { ...(operation !== 'register' && { clientId, token }), json, ...changes };
  };

  const OPERATIONS: readonly Operation[] = ['register', 'get', 'update', 'delete'];
  const OF_A_CLIENT: readonly Operation[] = ['get', 'update', 'delete'];

  describe('the API access token (RFC 6750 section 2.1)', () => {
    const credentials: [string, string | string[] | undefined, string][] = [
      ['no header', undefined, 'A001202'],
      ['an empty header', '', 'A001203'],
      ['Bearer without a token', 'Bearer', 'A001203'],
      ['Bearer and a space', 'Bearer ', 'A001203'],
      ['two tokens', `Bearer ${ACCESS_TOKEN} ${ACCESS_TOKEN}`, 'A001203'],
      ['a list of two tokens', `Bearer ${ACCESS_TOKEN}, Bearer ${ACCESS_TOKEN}`, 'A001203'],
      ['Bearer without a space', `Bearer${ACCESS_TOKEN}`, 'A001203'],
      ['Bearer and a tab', `Bearer\t${ACCESS_TOKEN}`, 'A001203'],
      ['Basic', `Basic ${Buffer.from(`${SERVICE_ID}:${ACCESS_TOKEN}`).toString('base64')}`, 'A001203'],
      ['Basic with bad base64', 'Basic %%%', 'A001203'],
      ['DPoP', `DPoP ${ACCESS_TOKEN}`, 'A001203'],
      ['a token without Bearer', ACCESS_TOKEN, 'A001203'],
      ['a token that is not ASCII', `Bearer ${ACCESS_TOKEN}é`, 'A001203'],
      ['a quoted token', `Bearer "${ACCESS_TOKEN}"`, 'A001203'],
      ['a wrong token', 'Bearer wrong', 'A172101'],
      ['a prefix of the valid token', `Bearer ${ACCESS_TOKEN.slice(0, -1)}`, 'A172101'],
      ['the valid token in upper case', `Bearer ${ACCESS_TOKEN.toUpperCase()}`, 'A172101'],
      ['the hash of the valid token', `Bearer ${hashToken(ACCESS_TOKEN)}`, 'A172101'],
      ['a token of 15 kB', `Bearer ${'a'.repeat(15_000)}`, 'A172101'],
      ['a wrong token before the valid one', ['Bearer wrong', `Bearer ${ACCESS_TOKEN}`], 'A172101'],
    ];

    it.each(credentials)('returns HTTP 401 for %s', async (_what, authorization, resultCode) => {
      for (const operation of OPERATIONS) {
        const headers = {
          'content-type': 'application/json',
          ...(authorization !== undefined && { Authorization: authorization }),
        };
        const body = JSON.stringify(bodyOf(operation));
        await expectApiError({ path: pathOf(operation), headers, body }, 401, resultCode);
      }
    });

    it.each(['{}', '{"json":1}', '[]', 'null', '', '{', '{"__proto__":1}'])(
      'is checked before the body %s',
      async (body) => {
        await expectApiError({ headers: { ...HEADERS, authorization: 'Bearer wrong' }, body }, 401, 'A172101');
      },
    );

    it('is refused if it has 64 kB', async () => {
      const response = server.send({
        headers: { ...HEADERS, authorization: `Bearer ${'a'.repeat(65_536)}` },
        body: '{}',
      });

      // The server may close the connection before the response is read.
      const status = await response
        .then(({ status }) => status)
        .catch((error: unknown) => (error as NodeJS.ErrnoException).code);
      expect([431, 'ECONNRESET', 'EPIPE']).toContain(status);
    });

    it('is ignored in the body and in the query (RFC 6750 sections 2.2 and 2.3)', async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const body = `json=%7B%7D&access_token=${ACCESS_TOKEN}`;
      await expectApiError(
        { path: `${pathOf('register')}?access_token=${ACCESS_TOKEN}`, headers, body },
        401,
        'A001202',
      );
    });

    describe('without the required right for the service', () => {
      const other = SERVICE_ID + 1;
      const tokens: [string, number | undefined, AccessRight[]][] = [
        ['for-another-service', other, ['ADMIN']],
        ['without-the-right', undefined, ['MODIFY_CLIENT', 'VIEW_SERVICE', 'CREATE_SERVICE', 'DELETE_SERVICE']],
        ['without-any-right', SERVICE_ID, []],
      ];

      beforeAll(async () => {
        for (const [index, [token, serviceId, accessRights]] of tokens.entries()) {
          await server.addService(everythingService(other + index, 2 + index, Date.now()), {
            tokenHash: hashToken(token),
            serviceId,
            accessRights,
          });
        }
      });

      it.each(tokens)('returns HTTP 403, A457101 (%s)', async (token) => {
        for (const operation of OPERATIONS) {
          const headers = { ...HEADERS, authorization: `Bearer ${token}` };
          const body = JSON.stringify(bodyOf(operation));
          await expectApiError({ path: pathOf(operation), headers, body }, 403, 'A457101');
        }
      });

      it.each(['1', 'abc', '-1', '0', String(2 ** 53)])(
        'does not reveal whether the service %s exists',
        async (serviceId) => {
          const headers = { ...HEADERS, authorization: 'Bearer for-another-service' };
          await expectApiError({ path: pathOf('register', serviceId), headers, body: '{"json":"{}"}' }, 403, 'A457101');
        },
      );
    });
  });

  describe('the service in the path', () => {
    it.each([
      '1',
      '0',
      '-1',
      '1.5',
      'abc',
      `0${SERVICE_ID}`,
      `${SERVICE_ID}.0`,
      `%20${SERVICE_ID}`,
      `+${SERVICE_ID}`,
      '0x3AC6FA8F',
      '9.86126671e8',
      '9007199254740992',
      '9'.repeat(99),
      '%00',
      '__proto__',
      '..%2f',
    ])('%s returns HTTP 404, A003201', async (serviceId) => {
      await expectApiError({ path: pathOf('register', serviceId), body: '{"json":"{}"}' }, 404, 'A003201');
    });
  });

  describe('unknown paths and methods', () => {
    it.each([
      '/nothing',
      '/nope',
      '/api',
      `/api/${SERVICE_ID}`,
      '/api//client/registration',
      `/api/${SERVICE_ID}/client/registration/create`,
      `/api/${SERVICE_ID}/client/registration/GET`,
      `/api/${SERVICE_ID}/client/registration/get/1`,
      '/api/%zz/client/registration',
      `/api/${'9'.repeat(7000)}/client/registration`,
      `/API/${SERVICE_ID}/client/registration`,
    ])('%s returns HTTP 404, A001205', async (path) => {
      await expectApiError({ path, body: '{"json":"{}"}' }, 404, 'A001205');
    });

    it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s returns HTTP 405 with Allow, A001209', async (method) => {
      // The path of `register` is that of `PUT client/{clientIdentifier}` too.
      for (const operation of OPERATIONS.filter((each) => each !== 'register')) {
        const headers = { authorization: HEADERS.authorization };
        const response = await expectApiError({ method, path: pathOf(operation), headers }, 405, 'A001209');
        expect(response.headers.allow).toBe('POST');
      }
    });

    it('a slash at the end of a path is HTTP 404, A001226', async () => {
      for (const request of [{ path: `${pathOf('get')}/` }, { method: 'GET', path: '/docs/?x=y' }])
        await expectApiError({ ...request, headers: { authorization: HEADERS.authorization } }, 404, 'A001226');
    });

    it('the right method with an empty last parameter is HTTP 404, A001205', async () => {
      const headers = { authorization: HEADERS.authorization };
      const path = `/api/${SERVICE_ID}/initial_access_token/delete/`;
      const response = await expectApiError({ method: 'DELETE', path, headers }, 404, 'A001205');
      expect(response.headers.allow).toBeUndefined();
    });

    it('HEAD returns HTTP 405 without a body', async () => {
      const { status, text } = await server.send({ method: 'HEAD' });

      expect([status, text]).toEqual([405, '']);
    });

    it('a header cannot override the method', async () => {
      const { text } = await server.send({
        path: pathOf('get'),
        headers: { ...HEADERS, 'x-http-method-override': 'DELETE', 'x-http-method': 'DELETE' },
        body: JSON.stringify(bodyOf('get')),
      });

      expect(JSON.parse(text)).toMatchObject({ action: 'OK' });
    });
  });

  describe('the request body', () => {
    const BODY = '{"json":"{}"}';
    const FORM = 'application/x-www-form-urlencoded';
    const bodies: [string, number, string, string | undefined, string | Buffer | undefined][] = [
      ['no content type', 415, 'A258201', undefined, BODY],
      ['text', 415, 'A258201', 'text/plain', BODY],
      ['XML', 415, 'A258201', 'application/xml', '<json/>'],
      ['multipart', 415, 'A258201', 'multipart/form-data; boundary=x', '--x--'],
      ['an invalid content type', 415, 'A258201', 'json', BODY],
      ['a content type that starts with application/json', 415, 'A258201', 'application/jsonp', BODY],
      ['no content type and no body', 400, 'A001204', undefined, undefined],
      ['JSON without a body', 400, 'A001204', 'application/json', ''],
      ['only white space', 400, 'A001204', 'application/json', ' \n'],
      ['not JSON', 400, 'A001204', 'application/json', '{"json":'],
      ['JSON followed by other text', 400, 'A001204', 'application/json', `${BODY}{}`],
      ['a form sent as JSON', 400, 'A001204', 'application/json', 'json=%7B%7D'],
      ['UTF-16', 400, 'A001204', 'application/json; charset=utf-16', Buffer.from(BODY, 'utf16le')],
      ['a list', 400, 'A001204', 'application/json', `[${BODY}]`],
      ['a string', 400, 'A001204', 'application/json', JSON.stringify(BODY)],
      ['null', 400, 'A001204', 'application/json', 'null'],
      ['a number', 400, 'A001204', 'application/json', '1'],
      ['true', 400, 'A001204', 'application/json', 'true'],
      ['__proto__', 400, 'A001204', 'application/json', '{"json":"{}","__proto__":{"token":"x"}}'],
      ['__proto__, escaped', 400, 'A001204', 'application/json', '{"json":"{}","__pr\\u006fto__":{"token":"x"}}'],
      ['__proto__ inside', 400, 'A001204', 'application/json', '{"json":"{}","x":{"__proto__":{"token":"x"}}}'],
      ['constructor', 400, 'A001204', 'application/json', '{"json":"{}","constructor":{"prototype":{"x":1}}}'],
      ['__proto__ in a form', 400, 'A001204', FORM, 'json=%7B%7D&__proto__=x'],
      ['2 MB', 413, 'A001206', 'application/json', JSON.stringify({ json: ' '.repeat(2_000_000) })],
      ['2 MB in a form', 413, 'A001206', FORM, `json=${'+'.repeat(2_000_000)}`],
      ['a list 10,000 deep', 400, 'A001204', 'application/json', `{"json":${nested('[', ']', 10_000)}}`],
      ['an object 10,000 deep', 400, 'A001204', 'application/json', `{"json":${nested('{"a":', '}', 10_000)}}`],
      [
        'an unknown member 10,000 deep',
        400,
        'A001204',
        'application/json',
        `{"json":"{}","x":${nested('[', ']', 10_000)}}`,
      ],
      ['a list 300,000 deep', 400, 'A001204', 'application/json', `{"json":${nested('[', ']', 300_000)}}`],
      ['no json', 400, 'A203302', 'application/json', '{}'],
      ['no json in a form', 400, 'A203302', FORM, 'token=x'],
      ['an empty form', 400, 'A203302', FORM, ''],
      ['json twice in a form', 400, 'A203302', FORM, 'json=%7B%7D&json=%7B%7D'],
      ...['1', 'true', 'null', '{}', '[]', '["{}"]', '{"toString":"x"}'].map(
        (json): [string, number, string, string, string] => [
          `json ${json}`,
          400,
          'A203302',
          'application/json',
          `{"json":${json}}`,
        ],
      ),
      ...['1', 'true', '{}', '["x"]'].map((token): [string, number, string, string, string] => [
        `token ${token}`,
        400,
        'A001204',
        'application/json',
        `{"json":"{}","token":${token}}`,
      ]),
    ];

    it.each(bodies)('%s returns HTTP %d, %s', async (_what, status, resultCode, contentType, body) => {
      const headers = { authorization: HEADERS.authorization, ...(contentType && { 'content-type': contentType }) };
      await expectApiError({ headers, body }, status, resultCode);
    });

    it.each([
      ['Latin-1', 'fc'],
      ['an incomplete character', 'e282'],
      ['a surrogate', 'eda080'],
      ['an overlong character', 'c0af'],
      ['an invalid byte', 'ff'],
    ])('returns HTTP 400, A001204 for invalid UTF-8: %s (RFC 8259 section 8.1)', async (_what, hex) => {
      for (const [contentType, start, end] of [
        ['application/json', '{"json":"{\\"client_name\\":\\"', '\\"}"}'],
        [FORM, 'json={"client_name":"', '"}'],
      ] as const) {
        const body = Buffer.concat([Buffer.from(start), Buffer.from(hex, 'hex'), Buffer.from(end)]);
        const headers = { ...HEADERS, 'content-type': contentType };

        await expectApiError({ headers, body }, 400, 'A001204', 'UTF-8');
      }
    });

    it.each(['gzip', 'br', 'deflate'])('returns HTTP 400, A001204 if it is compressed with %s', async (encoding) => {
      await expectApiError(
        { headers: { ...HEADERS, 'content-encoding': encoding }, body: gzipSync(BODY) },
        400,
        'A001204',
      );
    });

    it.each([
      ['two lengths', 'Content-Length: 13\r\nContent-Length: 14\r\n'],
      ['a length and chunks', 'Content-Length: 13\r\nTransfer-Encoding: chunked\r\n'],
      ['an unknown transfer coding', 'Transfer-Encoding: xchunked\r\n'],
    ])('is refused with %s, and the connection is closed (RFC 9112 section 6.3)', async (_what, headers) => {
      const response = await sendRaw(
        server.baseUrl,
        `POST ${pathOf('register')} HTTP/1.1\r\nHost: x\r\nAuthorization: ${HEADERS.authorization}\r\n` +
          `Content-Type: application/json\r\n${headers}\r\n${BODY}`,
      );

      expect(response).toMatch(/^HTTP\/1\.1 400 /);
    });

    it('does not pollute a prototype', () => {
      expect(Object.keys(Object.getOwnPropertyDescriptors(Object.prototype)).sort()).toEqual(OBJECT_PROTOTYPE);
    });
  });

  describe('clientId', () => {
    it.each([
      ['-1'],
      ['0'],
      ['1.5'],
      ['9007199254740992'],
      ['1e300'],
      ['""'],
      ['"abc"'],
      ['"0"'],
      ['"-1"'],
      ['"1.0"'],
      ['"1e3"'],
      ['"9007199254740992"'],
      ['"00012"'],
      ['" 1"'],
      ['"1 "'],
      ['"１２"'],
      ['"0x10"'],
      ['[1]'],
      ['{}'],
      ['{"valueOf":1}'],
      ['true'],
      ['null'],
      [undefined],
    ])('%s returns HTTP 400, A215301', async (clientId) => {
      for (const operation of OF_A_CLIENT) {
        const rest = JSON.stringify(bodyOf(operation, { clientId: undefined })).slice(1);
        const body = clientId === undefined ? `{${rest}` : `{"clientId":${clientId},${rest}`;
        await expectApiError({ path: pathOf(operation), body }, 400, 'A215301');
      }
    });
  });

  describe('the registration access token', () => {
    it.each([undefined, null, 1, true, {}, ['x']])('%j returns HTTP 400, A215305', async (token) => {
      for (const operation of OF_A_CLIENT) {
        await expectApiError(
          { path: pathOf(operation), body: JSON.stringify(bodyOf(operation, { token })) },
          400,
          'A215305',
        );
      }
    });

    it('an empty token is UNAUTHORIZED, A215305', async () => {
      for (const operation of OF_A_CLIENT) {
        const response = await server.call(operation, bodyOf(operation, { token: '' }));
        expectRefused(response, 'UNAUTHORIZED', 'A215305', 'invalid_token');
      }
    });

    it.each([
      ['a wrong token', () => 'wrong'],
      ['the token after a space', () => ` ${registered.token}`],
      ['the token in upper case', () => registered.token.toUpperCase()],
      ['the hash of the token', () => hashToken(registered.token)],
      ['the API access token', () => ACCESS_TOKEN],
      ['a token of 100 kB', () => 'a'.repeat(100_000)],
      ['a token that is not ASCII', () => `${registered.token}é\ud800\u0000`],
    ])('%s is UNAUTHORIZED, A215307', async (_what, token) => {
      for (const operation of OF_A_CLIENT) {
        const response = await server.call(operation, bodyOf(operation, { token: token() }));
        expectRefused(response, 'UNAUTHORIZED', 'A215307', 'invalid_token');
        expect(response.content.error_description).not.toContain('A215307');
      }
    });

    it.each(OF_A_CLIENT)(
      '%s returns the same bytes for an unknown client, a wrong token, another client’s token and a deleted client',
      async (operation) => {
        const other = await server.register();
        const deleted = await server.register();
        await server.call('delete', { clientId: deleted.clientId, token: deleted.token });
        before = await server.storedClients();

        const bodies = await Promise.all(
          [
            { clientId: 1 },
            { token: 'wrong' },
            { token: other.token },
            { clientId: deleted.clientId, token: deleted.token },
          ].map(async (changes) => {
            const body = JSON.stringify(bodyOf(operation, changes));
            return (await server.send({ path: pathOf(operation), body })).text;
          }),
        );

        expect(new Set(bodies).size).toBe(1);
        expect(bodies[0]).toContain('UNAUTHORIZED');
      },
    );

    it('is checked before json', async () => {
      for (const json of ['', '{', '{"client_id":"1"}', '{"client_name":1}']) {
        const response = await server.call('update', bodyOf('update', { token: 'wrong', json }));
        expectRefused(response, 'UNAUTHORIZED', 'A215307', 'invalid_token');
      }
    });
  });

  describe('a client that its token may not manage', () => {
    it.each([
      ['locked', 'A215308', { administration: { locked: true } }],
      ['not registered dynamically', 'A215303', undefined],
    ])(
      '%s: UNAUTHORIZED, %s, with the same response content as an unknown client',
      async (_why, resultCode, changes) => {
        const { clientId, token, information } = await server.register();
        if (changes) await server.amend(clientId, changes);
        else await server.changeStored(clientId, { source: 'static' });
        before = await server.storedClients();
        const json = JSON.stringify({ client_id: information.client_id });

        for (const operation of OF_A_CLIENT) {
          const response = await server.call(operation, { clientId, token, json });
          const wrong = await server.call(operation, { clientId: 1, token, json });

          expectRefused(response, 'UNAUTHORIZED', resultCode, 'invalid_token');
          expect(response.body.responseContent).toBe(wrong.body.responseContent);
        }
      },
    );

    it('does not reveal to a caller without its token that it is locked', async () => {
      const { clientId } = await server.register();
      await server.amend(clientId, { administration: { locked: true } });
      before = await server.storedClients();

      const response = await server.call('get', { clientId, token: 'wrong' });

      expectRefused(response, 'UNAUTHORIZED', 'A215307', 'invalid_token');
    });
  });

  describe('a service without unauthorizedOnClientConfigSupported', () => {
    beforeAll(() => server.configure({ unauthorizedOnClientConfigSupported: false }));
    afterAll(() => server.configure());

    it.each([
      ['an empty token', 'A215305', { token: '' }],
      ['a wrong token', 'A215307', { token: 'wrong' }],
      ['an unknown client', 'A215307', { clientId: 1 }],
    ])('returns BAD_REQUEST for %s (%s)', async (_what, resultCode, changes) => {
      for (const operation of OF_A_CLIENT) {
        const response = await server.call(operation, bodyOf(operation, changes));
        expectRefused(response, 'BAD_REQUEST', resultCode, 'invalid_token');
      }
    });
  });

  describe('the documented example of an update', () => {
    const example = {
      clientId: 904520,
      token: '<value>',
      json: '{key: 3378765542787724, key1: null, key2: "<value>"}',
    };

    it('is UNAUTHORIZED if the client does not exist', async () => {
      expectRefused(await server.call('update', example), 'UNAUTHORIZED', 'A215307', 'invalid_token');
    });

    it('is BAD_REQUEST for an existing client because its json is not JSON', async () => {
      const { clientId, token } = registered;
      const response = await server.call('update', { ...example, clientId, token });
      expectRefused(response, 'BAD_REQUEST', 'A203303', 'invalid_client_metadata');
    });
  });

  describe('json', () => {
    /** One document of each kind; the tests of the model cover the others. */
    const documents: [string, string, string][] = [
      ['empty', 'A203302', ''],
      ['invalid JSON', 'A203303', '{"client_name":"x",}'],
      ['not an object', 'A203303', '[]'],
      ['70 kB', 'A203303', JSON.stringify({ x: 'x'.repeat(70_000) })],
      ['a list 10,000 deep', 'A203303', nested('[', ']', 10_000)],
      ['an object 10,000 deep', 'A203303', nested('{"a":', '}', 10_000)],
      ['a member twice', 'A203307', '{"client_name":"a","client\\u005fname":"b"}'],
      ['__proto__', 'A203306', '{"x":{"__proto__":{}}}'],
      ['constructor', 'A203306', '{"constructor":{"prototype":{}}}'],
      ['a lone surrogate', 'A031203', '{"client_name":"x\udc00"}'],
      ['NUL', 'A031203', '{"client_name":"a\\u0000b"}'],
      ['a language tag of control characters', 'A032205', '{"client_name#\\u0000\\u001b":"x"}'],
      ['a value of the wrong type', 'A204308', '{"client_name":1}'],
      ['a value that every object inherits', 'A031201', '{"subject_type":"toString"}'],
      ['a number that is too large', 'A031221', '{"default_max_age":1e999}'],
      ['a private key', 'A031212', JSON.stringify({ jwks: { keys: [{ ...JWK, d: 'x' }] } })],
      ['contradicting members', 'A204304', '{"grant_types":["client_credentials"],"response_types":["code"]}'],
    ];

    it.each(documents)('%s is BAD_REQUEST, %s', async (_what, resultCode, json) => {
      const text = json.startsWith('{"') ? withClientId(json) : json;
      expectRefused(await server.call('register', { json }), 'BAD_REQUEST', resultCode, 'invalid_client_metadata');
      expectRefused(
        await server.call('update', bodyOf('update', { json: text })),
        'BAD_REQUEST',
        resultCode,
        'invalid_client_metadata',
      );
    });

    /** Adds the client ID of the registered client to a document. */
    const withClientId = (json: string): string =>
      `{"client_id":"${registered.information.client_id}",${json.slice(1)}`;

    it('causes invalid_redirect_uri if a redirect URI is forbidden (RFC 7591 section 3.2.2)', async () => {
      const json = JSON.stringify({ redirect_uris: ['https://client.example.org/callback', 'javascript:alert(1)'] });

      expectRefused(await server.call('register', { json }), 'BAD_REQUEST', 'A031233', 'invalid_redirect_uri');
      expectRefused(
        await server.call('update', bodyOf('update', { json: withClientId(json) })),
        'BAD_REQUEST',
        'A031233',
        'invalid_redirect_uri',
      );
    });

    it('causes invalid_redirect_uri if the flow needs redirect URIs and there are none (RFC 7591 section 2)', async () => {
      const json = '{"grant_types":["implicit"]}';

      expectRefused(await server.call('register', { json }), 'BAD_REQUEST', 'A031234', 'invalid_redirect_uri');
    });

    it('causes BAD_REQUEST, A032219 if the sector document cannot be fetched', async () => {
      const json = '{"sector_identifier_uri":"https://127.0.0.1/"}';

      for (const [operation, text] of [
        ['register', json],
        ['update', withClientId(json)],
      ] as const) {
        const response = await server.call(operation, bodyOf(operation, { json: text }));
        expectRefused(response, 'BAD_REQUEST', 'A032219', 'invalid_client_metadata');
      }
    });

    it('is checked in a fixed order: document, forbidden members, issued members, fields, rules', async () => {
      const codes: string[] = [];
      for (const json of [
        '{"x":1,"x":2,"__proto__":1,"client_name":1,"grant_types":["implicit"]',
        '{"x":1,"x":2,"__proto__":1,"client_name":1,"grant_types":["implicit"]}',
        '{"x":1,"__proto__":1,"client_name":1,"grant_types":["implicit"]}',
        '{"x":1,"client_name":1,"grant_types":["implicit"]}',
        withClientId(
          '{"client_name":1,"redirect_uris":["x"],"response_types":["token"],"grant_types":["implicit","password"]}',
        ),
        withClientId('{"client_name":1,"response_types":["token"],"grant_types":["password"]}'),
        withClientId('{"response_types":["token"],"grant_types":["password"]}'),
      ]) {
        codes.push((await server.call('update', bodyOf('update', { json }))).body.resultCode);
      }

      expect(codes).toEqual(['A203303', 'A203307', 'A203306', 'A214301', 'A204307', 'A204308', 'A204305']);
    });
  });
});

/** Property names of `Object.prototype` before the first request. */
const OBJECT_PROTOTYPE = Object.keys(Object.getOwnPropertyDescriptors(Object.prototype)).sort();

function nested(open: string, close: string, levels: number): string {
  return `${open.repeat(levels)}${open === '[' ? '' : '1'}${close.repeat(levels)}`;
}

/** Sends raw bytes, and returns everything received until the connection is closed. */
function sendRaw(baseUrl: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    let response = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      response += text;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(response);
    });
  });
}
