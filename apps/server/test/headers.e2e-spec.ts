import { Database } from '../src/database/database.ts';
import { createService } from '../src/administration/new-service.ts';
import { newService } from '../src/services/service.ts';
import { hashToken } from '../src/crypto/token.ts';
import type { RawRequest } from './support/http.ts';
import { HEADERS, pathOf, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const BODY = '{"json":"{}"}';

describe('the headers of every answer', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
    await createService(server.app.get(Database), newService(SERVICE_ID + 1, 2, Date.now()), {
      tokenHash: hashToken('without-rights'),
      serviceId: undefined,
      accessRights: [],
    });
  });

  afterAll(() => server.close());

  const answers: [number, string, Partial<RawRequest>][] = [
    [200, 'CREATED', { body: BODY }],
    [200, 'BAD_REQUEST', { body: '{"json":"["}' }],
    [200, 'UNAUTHORIZED', { path: pathOf('get'), body: '{"clientId":1,"token":"x"}' }],
    [400, 'a broken DTO', { body: '{}' }],
    [400, 'a broken body', { body: '{' }],
    [401, 'no credentials', { headers: { 'content-type': 'application/json' }, body: BODY }],
    [403, 'no right', { headers: { ...HEADERS, authorization: 'Bearer without-rights' }, body: BODY }],
    [404, 'an unknown service', { path: pathOf('register', 1), body: BODY }],
    [404, 'an unknown path', { path: '/nope', body: BODY }],
    [404, 'a path that cannot be decoded', { path: '/%zz', body: BODY }],
    [404, 'a path with an overlong segment', { path: pathOf('register', '9'.repeat(500)), body: BODY }],
    [405, 'another method', { method: 'GET', headers: {} }],
    [413, 'a body too large', { body: ' '.repeat(1_000_000) }],
    [415, 'another content type', { headers: { ...HEADERS, 'content-type': 'text/plain' }, body: BODY }],
  ];

  describe.each(answers)('%d, %s', (status, _what, request) => {
    it('keep credentials out of caches (RFC 7591 section 5), and say nothing of the software', async () => {
      const answer = await server.send(request);

      expect(answer.status).toBe(status);
      expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' });
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
      expect(answer.headers).not.toHaveProperty('x-powered-by');
      expect(answer.headers).not.toHaveProperty('server');
      expect(answer.headers).not.toHaveProperty('etag');
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    });

    it('carry a request ID of their own where the caller sends none that is well-formed', async () => {
      const { headers = HEADERS } = request;
      const once = await server.send({ ...request, headers: { ...headers, 'x-request-id': 'mine' } });
      const again = await server.send({ ...request, headers: { ...headers, 'request-id': 'mine' } });

      for (const answer of [once, again])
        expect(answer.headers['x-request-id']).toMatch(/^[\da-f]{8}(-[\da-f]{4,12}){4}$/);
      expect(once.headers['x-request-id']).not.toBe(again.headers['x-request-id']);
    });

    it('carry the well-formed request ID that the caller sends', async () => {
      const { headers = HEADERS } = request;
      const answer = await server.send({
        ...request,
        headers: { ...headers, 'x-request-id': 'Root=1-67891233-abcdef' },
      });

      expect(answer.headers['x-request-id']).toBe('Root=1-67891233-abcdef');
    });
  });

  describe('WWW-Authenticate (RFC 6750 section 3)', () => {
    it.each([
      ['has no error code where no credentials were sent', undefined, 401, 'Bearer realm="Clientele"'],
      ['has no error code where they are of another scheme', 'Basic YTpi', 401, 'Bearer realm="Clientele"'],
      ['is invalid_token for a wrong token', 'Bearer wrong', 401, 'Bearer realm="Clientele", error="invalid_token"'],
      [
        'is insufficient_scope for a token without the right',
        'Bearer without-rights',
        403,
        'Bearer realm="Clientele", error="insufficient_scope"',
      ],
    ])('%s', async (_what, authorization, status, challenge) => {
      const headers = { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) };
      const answer = await server.send({ headers, body: BODY });

      expect(answer.status).toBe(status);
      expect(answer.headers['www-authenticate']).toBe(challenge);
    });

    it('is not there when the API access token was accepted', async () => {
      const { headers } = await server.send({ path: pathOf('get'), body: '{"clientId":1,"token":"x"}' });

      expect(headers).not.toHaveProperty('www-authenticate');
    });
  });
});
