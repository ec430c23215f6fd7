import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { CLIENT_METADATA } from '@clientele/model/metadata';
import { newService } from '../src/service/service.ts';
import { ServiceStore } from '../src/service/service-store.ts';
import type { AccessRight } from '../src/service/access-right.ts';
import { hashToken } from '../src/token.ts';
import type { RawRequest } from './support/http.ts';
import { any, matching } from './support/matchers.ts';
import { everyMember, FIELD_NAMES, JWK } from './support/samples.ts';
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

/** Every call that something is wrong with: the answer says whose fault it is, is never 5xx, and nothing was changed. */
describe('bad input', () => {
  let server: TestServer;
  let registered: Registered;
  let before: unknown;

  beforeAll(async () => {
    server = await startServer();
    registered = await server.register(everyMember());
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
  ): Promise<void> => {
    const answer = await server.send(request);

    expect({ status: answer.status, body: JSON.parse(answer.text) as unknown }).toEqual({
      status,
      body: { resultCode, resultMessage: matching(new RegExp(`^\\[${resultCode}\\] .+${text}`)) },
    });
  };

  /** The client application erred: HTTP 200, an action, and an error in the response content. */
  const expectRefused = (answer: Answer, action: string, resultCode: string, error: string): void => {
    expect({ status: answer.status, body: answer.body, content: answer.content }).toEqual({
      status: 200,
      body: {
        resultCode,
        resultMessage: matching(new RegExp(`^\\[${resultCode}\\] .+`)),
        action,
        responseContent: any(String),
      },
      // RFC 6749 section 5.2: printable ASCII without quotation mark and backslash.
      content: { error, error_description: matching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/) },
    });
  };

  /** What each of the calls would be answered well to, with something else in its place. */
  const bodyOf = (operation: Operation, changes: object = {}): object => {
    const { clientId, token, information } = registered;
    const json = JSON.stringify({ client_id: information.client_id });
    return { ...(operation !== 'register' && { clientId, token }), json, ...changes };
  };

  const OPERATIONS: readonly Operation[] = ['register', 'get', 'update', 'delete'];
  const OF_A_CLIENT: readonly Operation[] = ['get', 'update', 'delete'];

  describe('the API access token (RFC 6750 section 2.1)', () => {
    const credentials: [string, string | string[] | undefined, string][] = [
      ['missing', undefined, 'A001202'],
      ['empty', '', 'A001203'],
      ['Bearer without a token', 'Bearer', 'A001203'],
      ['Bearer and a space', 'Bearer ', 'A001203'],
      ['two tokens', `Bearer ${ACCESS_TOKEN} ${ACCESS_TOKEN}`, 'A001203'],
      ['a list', `Bearer ${ACCESS_TOKEN}, Bearer ${ACCESS_TOKEN}`, 'A001203'],
      ['Bearer without a space', `Bearer${ACCESS_TOKEN}`, 'A001203'],
      ['Bearer and a tab', `Bearer\t${ACCESS_TOKEN}`, 'A001203'],
      ['Basic', `Basic ${Buffer.from(`${SERVICE_ID}:${ACCESS_TOKEN}`).toString('base64')}`, 'A001203'],
      ['Basic with bad base64', 'Basic %%%', 'A001203'],
      ['DPoP', `DPoP ${ACCESS_TOKEN}`, 'A001203'],
      ['the token alone', ACCESS_TOKEN, 'A001203'],
      ['not ASCII', `Bearer ${ACCESS_TOKEN}é`, 'A001203'],
      ['quoted', `Bearer "${ACCESS_TOKEN}"`, 'A001203'],
      ['wrong', 'Bearer wrong', 'A172101'],
      ['the beginning of the right one', `Bearer ${ACCESS_TOKEN.slice(0, -1)}`, 'A172101'],
      ['in another case', `Bearer ${ACCESS_TOKEN.toUpperCase()}`, 'A172101'],
      ['its hash', `Bearer ${hashToken(ACCESS_TOKEN)}`, 'A172101'],
      ['15 kB', `Bearer ${'a'.repeat(15_000)}`, 'A172101'],
      ['a wrong one before the right one', ['Bearer wrong', `Bearer ${ACCESS_TOKEN}`], 'A172101'],
    ];

    it.each(credentials)('%s is HTTP 401', async (_what, authorization, resultCode) => {
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
      'is judged before a body of %s is',
      async (body) => {
        await expectApiError({ headers: { ...HEADERS, authorization: 'Bearer wrong' }, body }, 401, 'A172101');
      },
    );

    it('of 64 kB is refused before it is read', async () => {
      const answer = server.send({
        headers: { ...HEADERS, authorization: `Bearer ${'a'.repeat(65_536)}` },
        body: '{}',
      });

      // The connection may be closed before the answer was read.
      const status = await answer
        .then(({ status }) => status)
        .catch((error: unknown) => (error as NodeJS.ErrnoException).code);
      expect([431, 'ECONNRESET', 'EPIPE']).toContain(status);
    });

    it('in the body or in the query is not looked at (RFC 6750 sections 2.2 and 2.3)', async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const body = `json=%7B%7D&access_token=${ACCESS_TOKEN}`;
      await expectApiError(
        { path: `${pathOf('register')}?access_token=${ACCESS_TOKEN}`, headers, body },
        401,
        'A001202',
      );
    });

    describe('that is right', () => {
      const other = SERVICE_ID + 1;
      const tokens: [string, number | undefined, AccessRight[]][] = [
        ['for-another-service', other, ['ADMIN']],
        ['without-the-right', undefined, ['MODIFY_CLIENT', 'VIEW_SERVICE', 'CREATE_SERVICE', 'DELETE_SERVICE']],
        ['without-any-right', SERVICE_ID, []],
      ];

      beforeAll(async () => {
        for (const [index, [token, serviceId, accessRights]] of tokens.entries()) {
          await server.app.get(ServiceStore).insert(newService(other + index, 2 + index, Date.now()), {
            tokenHash: hashToken(token),
            serviceId,
            accessRights,
          });
        }
      });

      it.each(tokens)('but %s is HTTP 403, A457101', async (token) => {
        for (const operation of OPERATIONS) {
          const headers = { ...HEADERS, authorization: `Bearer ${token}` };
          const body = JSON.stringify(bodyOf(operation));
          await expectApiError({ path: pathOf(operation), headers, body }, 403, 'A457101');
        }
      });

      it.each(['1', 'abc', '-1', '0', String(2 ** 53)])(
        'but bound to one service does not tell whether there is a service %s',
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
    ])('%s is HTTP 404, A003201', async (serviceId) => {
      await expectApiError({ path: pathOf('register', serviceId), body: '{"json":"{}"}' }, 404, 'A003201');
    });
  });

  describe('paths and methods that are no API', () => {
    it.each([
      '/',
      '/nope',
      '/api',
      `/api/${SERVICE_ID}`,
      '/api//client/registration',
      `/api/${SERVICE_ID}/client/registration/`,
      `/api/${SERVICE_ID}/client/registration/create`,
      `/api/${SERVICE_ID}/client/registration/GET`,
      `/api/${SERVICE_ID}/client/registration/get/1`,
      '/api/%zz/client/registration',
      `/api/${'9'.repeat(200)}/client/registration`,
      `/API/${SERVICE_ID}/client/registration`,
    ])('%s is HTTP 404, A001205', async (path) => {
      await expectApiError({ path, body: '{"json":"{}"}' }, 404, 'A001205');
    });

    it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])(
      '%s is HTTP 404, A001205',
      async (method) => {
        for (const operation of OPERATIONS) {
          const headers = { authorization: HEADERS.authorization };
          await expectApiError({ method, path: pathOf(operation), headers }, 404, 'A001205');
        }
      },
    );

    it('HEAD is HTTP 404 without a body', async () => {
      const { status, text } = await server.send({ method: 'HEAD' });

      expect([status, text]).toEqual([404, '']);
    });

    it('a header cannot make another method of POST', async () => {
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
      ['a content type that is none', 415, 'A258201', 'json', BODY],
      ['a content type that begins like another', 415, 'A258201', 'application/jsonp', BODY],
      ['no content type and no body', 400, 'A001204', undefined, undefined],
      ['JSON without a body', 400, 'A001204', 'application/json', ''],
      ['blank', 400, 'A001204', 'application/json', ' \n'],
      ['not JSON', 400, 'A001204', 'application/json', '{"json":'],
      ['JSON with something behind it', 400, 'A001204', 'application/json', `${BODY}{}`],
      ['form in JSON', 400, 'A001204', 'application/json', 'json=%7B%7D'],
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
        'A215305',
        'application/json',
        `{"json":"{}","token":${token}}`,
      ]),
    ];

    it.each(bodies)('%s is HTTP %d, %s', async (_what, status, resultCode, contentType, body) => {
      const headers = { authorization: HEADERS.authorization, ...(contentType && { 'content-type': contentType }) };
      await expectApiError({ headers, body }, status, resultCode);
    });

    it.each([
      ['Latin-1', 'fc'],
      ['a character cut short', 'e282'],
      ['a surrogate', 'eda080'],
      ['an overlong character', 'c0af'],
      ['a byte of nothing', 'ff'],
    ])('that is not UTF-8 but has %s (RFC 8259 section 8.1) is HTTP 400, A001204', async (_what, hex) => {
      for (const [contentType, start, end] of [
        ['application/json', '{"json":"{\\"client_name\\":\\"', '\\"}"}'],
        [FORM, 'json={"client_name":"', '"}'],
      ] as const) {
        const body = Buffer.concat([Buffer.from(start), Buffer.from(hex, 'hex'), Buffer.from(end)]);
        const headers = { ...HEADERS, 'content-type': contentType };

        await expectApiError({ headers, body }, 400, 'A001204', 'UTF-8');
      }
    });

    it.each(['gzip', 'br', 'deflate'])('compressed with %s is not JSON', async (encoding) => {
      await expectApiError(
        { headers: { ...HEADERS, 'content-encoding': encoding }, body: gzipSync(BODY) },
        400,
        'A001204',
      );
    });

    it.each([
      ['two lengths', 'Content-Length: 13\r\nContent-Length: 14\r\n'],
      ['a length and chunks', 'Content-Length: 13\r\nTransfer-Encoding: chunked\r\n'],
      ['chunks that are something else', 'Transfer-Encoding: xchunked\r\n'],
    ])('with %s is refused, and the connection closed (RFC 9112 section 6.3)', async (_what, headers) => {
      const answer = await sendRaw(
        server.baseUrl,
        `POST ${pathOf('register')} HTTP/1.1\r\nHost: x\r\nAuthorization: ${HEADERS.authorization}\r\n` +
          `Content-Type: application/json\r\n${headers}\r\n${BODY}`,
      );

      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    });

    it('pollutes no prototype', () => {
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
    ])('%s is HTTP 400, A215301', async (clientId) => {
      for (const operation of OF_A_CLIENT) {
        const rest = JSON.stringify(bodyOf(operation, { clientId: undefined })).slice(1);
        const body = clientId === undefined ? `{${rest}` : `{"clientId":${clientId},${rest}`;
        await expectApiError({ path: pathOf(operation), body }, 400, 'A215301');
      }
    });
  });

  describe('the registration access token', () => {
    it.each([undefined, null, 1, true, {}, ['x']])('%j is HTTP 400, A215305', async (token) => {
      for (const operation of OF_A_CLIENT) {
        await expectApiError(
          { path: pathOf(operation), body: JSON.stringify(bodyOf(operation, { token })) },
          400,
          'A215305',
        );
      }
    });

    it('empty, as when the client application sent none, is UNAUTHORIZED, A215305', async () => {
      for (const operation of OF_A_CLIENT) {
        const answer = await server.call(operation, bodyOf(operation, { token: '' }));
        expectRefused(answer, 'UNAUTHORIZED', 'A215305', 'invalid_token');
      }
    });

    it.each([
      ['wrong', () => 'wrong'],
      ['behind a space', () => ` ${registered.token}`],
      ['in another case', () => registered.token.toUpperCase()],
      ['its hash', () => hashToken(registered.token)],
      ['the API access token', () => ACCESS_TOKEN],
      ['100 kB', () => 'a'.repeat(100_000)],
      ['not ASCII', () => `${registered.token}é\ud800\u0000`],
    ])('%s is UNAUTHORIZED, A215307', async (_what, token) => {
      for (const operation of OF_A_CLIENT) {
        const answer = await server.call(operation, bodyOf(operation, { token: token() }));
        expectRefused(answer, 'UNAUTHORIZED', 'A215307', 'invalid_token');
        expect(answer.content.error_description).not.toContain('A215307');
      }
    });

    it.each(OF_A_CLIENT)(
      'of %s fails in the same bytes for an unknown client, a wrong token, another client’s token, a deleted client',
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

    it('is judged before json is', async () => {
      for (const json of ['', '{', '{"client_id":"1"}', '{"client_name":1}']) {
        const answer = await server.call('update', bodyOf('update', { token: 'wrong', json }));
        expectRefused(answer, 'UNAUTHORIZED', 'A215307', 'invalid_token');
      }
    });
  });

  describe('a client that may not be managed by its token', () => {
    it.each([
      ['locked', 'A215308', { locked: true }],
      ['not registered dynamically', 'A215303', { dynamicallyRegistered: false }],
    ])(
      'because it is %s is UNAUTHORIZED with %s of its own, and no hint for the client application',
      async (_why, resultCode, properties) => {
        const { clientId, token, information } = await server.register();
        await server.amend(clientId, properties);
        before = await server.storedClients();
        const json = JSON.stringify({ client_id: information.client_id });

        for (const operation of OF_A_CLIENT) {
          const answer = await server.call(operation, { clientId, token, json });
          const wrong = await server.call(operation, { clientId: 1, token, json });

          expectRefused(answer, 'UNAUTHORIZED', resultCode, 'invalid_token');
          expect(answer.body.responseContent).toBe(wrong.body.responseContent);
        }
      },
    );

    it('is not known to be locked by those who have not its token', async () => {
      const { clientId } = await server.register();
      await server.amend(clientId, { locked: true });
      before = await server.storedClients();

      const answer = await server.call('get', { clientId, token: 'wrong' });

      expectRefused(answer, 'UNAUTHORIZED', 'A215307', 'invalid_token');
    });
  });

  describe('of a service without unauthorizedOnClientConfigSupported', () => {
    beforeAll(() => server.configure({ unauthorizedOnClientConfigSupported: false }));
    afterAll(() => server.configure());

    it.each([
      ['an empty token', 'A215305', { token: '' }],
      ['a wrong token', 'A215307', { token: 'wrong' }],
      ['an unknown client', 'A215307', { clientId: 1 }],
    ])('%s is BAD_REQUEST, %s', async (_what, resultCode, changes) => {
      for (const operation of OF_A_CLIENT) {
        const answer = await server.call(operation, bodyOf(operation, changes));
        expectRefused(answer, 'BAD_REQUEST', resultCode, 'invalid_token');
      }
    });
  });

  describe('the documented example of an update', () => {
    const example = {
      clientId: 904520,
      token: '<value>',
      json: '{key: 3378765542787724, key1: null, key2: "<value>"}',
    };

    it('is UNAUTHORIZED while there is no such client', async () => {
      expectRefused(await server.call('update', example), 'UNAUTHORIZED', 'A215307', 'invalid_token');
    });

    it('is BAD_REQUEST for a client and its token: its json is not JSON', async () => {
      const { clientId, token } = registered;
      const answer = await server.call('update', { ...example, clientId, token });
      expectRefused(answer, 'BAD_REQUEST', 'A203303', 'invalid_client_metadata');
    });
  });

  describe('json', () => {
    const documents: [string, string, string][] = [
      ['empty', 'A203302', ''],
      ['blank', 'A203302', ' \t\r\n'],
      ['a byte order mark', 'A203302', '\ufeff'],
      ['a byte order mark before it', 'A203303', '\ufeff{}'],
      ['null', 'A203303', 'null'],
      ['a list', 'A203303', '[]'],
      ['a list of one', 'A203303', '[{}]'],
      ['a string', 'A203303', '"x"'],
      ['a string of JSON', 'A203303', '"{}"'],
      ['a number', 'A203303', '1'],
      ['true', 'A203303', 'true'],
      ['NaN', 'A203303', 'NaN'],
      ['truncated', 'A203303', '{"client_name":"x"'],
      ['truncated in a string', 'A203303', '{"client_name":"x'],
      ['truncated in an escape', 'A203303', '{"client_name":"\\'],
      ['two documents', 'A203303', '{}{}'],
      ['with a comment', 'A203303', '{/**/}'],
      ['with a comma too many', 'A203303', '{"client_name":"x",}'],
      ['with single quotes', 'A203303', "{'client_name':'x'}"],
      ['with a number that is none', 'A203303', '{"default_max_age":01}'],
      ['with a raw control character', 'A203303', '{"client_name":"\n"}'],
      ['with NUL behind it', 'A203303', '{}\u0000'],
      ['a form', 'A203303', 'client_name=x'],
      ['70 kB', 'A203303', JSON.stringify({ x: 'x'.repeat(70_000) })],
      ['70 kB of blanks', 'A203303', ' '.repeat(70_000)],
      ['a list 10,000 deep', 'A203303', nested('[', ']', 10_000)],
      ['an object 10,000 deep', 'A203303', nested('{"a":', '}', 10_000)],
      ['a member 10,000 deep', 'A203303', `{"x":${nested('[', ']', 10_000)}}`],
      ['10,000 brackets that do not close', 'A203303', `{"x":${'['.repeat(10_000)}`],
      ['a member 32 deep', 'A203303', `{"x":${nested('[', ']', 32)}}`],
      ['a member twice', 'A203307', '{"client_name":"a","client_name":"b"}'],
      ['a member twice with one value', 'A203307', '{"client_name":"a","client_name":"a"}'],
      ['a member twice, once escaped', 'A203307', '{"client_name":"a","client\\u005fname":"b"}'],
      ['an unknown member twice', 'A203307', '{"x":1,"y":2,"x":3}'],
      ['an unknown member twice, inside', 'A203307', '{"x":[{"a":{"b":1,"b":2}}]}'],
      ['a member of the keys twice', 'A203307', '{"jwks":{"keys":[],"keys":[]}}'],
      ['a member of a key twice', 'A203307', '{"jwks":{"keys":[{"kid":"a","kid":"b"}]}}'],
      ['a tagged member twice', 'A203307', '{"client_name#ja":"a","client_name#ja":"b"}'],
      ['an empty name twice', 'A203307', '{"":1,"":2}'],
      ['a name of digits twice', 'A203307', '{"1":1,"1":2}'],
      ['a name of control characters twice', 'A203307', '{"\\u0000\\u001b[31m":1,"\\u0000\\u001b[31m":2}'],
      ['a name that is not ASCII twice', 'A203307', '{"日本\\u2028":1,"日本\\u2028":2}'],
      ['a name with quotes twice', 'A203307', '{"\\"\\\\":1,"\\"\\\\":2}'],
      ['a name of 30 kB twice', 'A203307', `{"${'x'.repeat(30_000)}":1,"${'x'.repeat(30_000)}":2}`],
      ['__proto__ twice', 'A203307', '{"__proto__":1,"__proto__":2}'],
      ['__proto__', 'A203306', '{"__proto__":{"client_name":"x"}}'],
      ['__proto__ null', 'A203306', '{"__proto__":null}'],
      ['__proto__, escaped', 'A203306', '{"__prot\\u006f__":{}}'],
      ['__proto__ inside', 'A203306', '{"x":{"__proto__":{}}}'],
      ['__proto__ inside a key', 'A203306', '{"jwks":{"keys":[{"__proto__":{}}]}}'],
      ['constructor', 'A203306', '{"constructor":{"prototype":{}}}'],
      ['constructor inside', 'A203306', '{"x":[[{"constructor":1}]]}'],
      ['prototype', 'A203306', '{"prototype":1}'],
      ['prototype inside', 'A203306', '{"jwks":{"keys":[],"prototype":[]}}'],
      ['a lone surrogate', 'A031203', '{"client_name":"\\ud800"}'],
      ['a lone surrogate that is not escaped', 'A031203', '{"client_name":"x\udc00"}'],
      ['a lone surrogate in a list', 'A031203', '{"contacts":["x","\\udfff"]}'],
      ['a lone surrogate in a URI', 'A204307', '{"client_uri":"https://client.example.org/\\ud800"}'],
      ...['\\u0000', '\\n', '\\r', '\\t', '\\u001b', '\\u007f', '\\u0085', '\\u009f'].map(
        (character): [string, string, string] => [
          `the control character ${character}`,
          'A031203',
          `{"client_name":"a${character}b"}`,
        ],
      ),
      ['a control character in a URI', 'A204307', '{"client_uri":"https://client.example.org/\\u0000"}'],
      ['a language tag of control characters', 'A032205', '{"client_name#\\u0000\\u001b":"x"}'],
      ['a language tag that is not ASCII', 'A032205', '{"client_name#日本":"x"}'],
      ['a language tag that is empty', 'A032205', '{"client_name#":"x"}'],
      ['a language tag too long', 'A032205', `{"client_name#${'a-'.repeat(20_000)}b":"x"}`],
      ['a language tag with quotes', 'A032205', '{"client_name#\\"\\\\":"x"}'],
      [
        '101 languages',
        'A031220',
        JSON.stringify(Object.fromEntries(numbers(101).map((i) => [`client_name#x-${i}`, 'x']))),
      ],
      ['a list of 101', 'A031220', JSON.stringify({ contacts: numbers(101).map(String) })],
      ['a JWK Set of 17', 'A031220', JSON.stringify({ jwks: { keys: numbers(17).map(() => JWK) } })],
      ['a string of 2,001', 'A031204', JSON.stringify({ client_name: 'x'.repeat(2001) })],
      ['a URI of 2,049', 'A031204', JSON.stringify({ client_uri: `https://client.example.org/${'x'.repeat(2022)}` })],
      ['a list in a list', 'A204306', '{"contacts":[["x"]]}'],
      ['a null in a list', 'A204306', '{"contacts":[null]}'],
      ['a list that is an object', 'A204306', '{"grant_types":{"0":"implicit","length":1}}'],
      ['a value that is inherited by every object', 'A031201', '{"subject_type":"toString"}'],
      ['a value that is inherited by every object', 'A031201', '{"grant_types":["constructor"]}'],
      ['a negative number', 'A031213', '{"default_max_age":-1}'],
      ['a number too big', 'A031221', '{"default_max_age":2147483648}'],
      ['a number beyond numbers', 'A203303', '{"default_max_age":1e999}'],
      ['keys without keys', 'A204311', '{"jwks":{}}'],
      ['keys that are not objects', 'A204311', '{"jwks":{"keys":["x"]}}'],
      ['keys as text', 'A204311', '{"jwks":"{\\"keys\\":[]}"}'],
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

    /** The document, said to be of the registered client. */
    const withClientId = (json: string): string =>
      `{"client_id":"${registered.information.client_id}",${json.slice(1)}`;

    const wrongKinds = FIELD_NAMES.flatMap((name) =>
      [1.5, [1], CLIENT_METADATA[name].kind === 'object' ? 'a' : { a: 1 }].map((value) => [name, value] as const),
    );

    it.each(wrongKinds)('%s %j is BAD_REQUEST, and the description names the member', async (name, value) => {
      const { status, body, content } = await server.call('register', { json: JSON.stringify({ [name]: value }) });

      expect(status).toBe(200);
      expect(body.action).toBe('BAD_REQUEST');
      expect(content.error).toBe(name === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata');
      expect(content.error_description).toContain(`'${name}'`);
    });

    it.each([
      ['with a fragment', 'A031210', 'https://client.example.org/#'],
      ['javascript:', 'A031233', 'javascript:alert(1)'],
      ['JavaScript:', 'A031233', 'JavaScript:alert(1)'],
      ['data:', 'A031233', 'data:text/html,x'],
      ['file:', 'A031233', 'file:///etc/passwd'],
      ['relative', 'A204307', '/callback'],
      ['with a user', 'A031208', 'https://client.example.org@attacker.example.org/'],
      ['without a host', 'A031208', 'https:///callback'],
      ['behind a space', 'A204307', ' https://client.example.org/'],
      ['with a tab in its scheme', 'A204307', 'java\tscript:alert(1)'],
      ['with a backslash', 'A204307', 'https:\\\\client.example.org'],
    ])('a redirect URI %s is invalid_redirect_uri, %s (RFC 7591 section 3.2.2)', async (_what, resultCode, uri) => {
      const json = JSON.stringify({ redirect_uris: ['https://client.example.org/callback', uri] });

      expectRefused(await server.call('register', { json }), 'BAD_REQUEST', resultCode, 'invalid_redirect_uri');
    });

    it('is judged in a fixed order: document, forbidden members, issued members, fields, rules', async () => {
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

/** Names of the properties of `Object.prototype` before any request was made. */
const OBJECT_PROTOTYPE = Object.keys(Object.getOwnPropertyDescriptors(Object.prototype)).sort();

function nested(open: string, close: string, levels: number): string {
  return `${open.repeat(levels)}${open === '[' ? '' : '1'}${close.repeat(levels)}`;
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Sends bytes as they are; everything that comes back until the connection is closed. */
function sendRaw(baseUrl: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(answer);
    });
  });
}
