import { everythingService } from './support/everything-service.ts';
import { hashToken } from '../src/crypto/token.ts';
import type { RawRequest } from './support/http.ts';
import { HEADERS, pathOf, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const BODY = '{"json":"{}"}';

describe('the headers of every response', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
    await server.addService(everythingService(SERVICE_ID + 1, 2, Date.now()), {
      tokenHash: hashToken('without-rights'),
      serviceId: undefined,
      accessRights: [],
    });
  });

  afterAll(() => server.close());

  const requests: [number, string, Partial<RawRequest>][] = [
    [200, 'CREATED', { body: BODY }],
    [200, 'BAD_REQUEST', { body: '{"json":"["}' }],
    [200, 'UNAUTHORIZED', { path: pathOf('get'), body: '{"clientId":1,"token":"x"}' }],
    [400, 'an invalid DTO', { body: '{}' }],
    [400, 'an invalid body', { body: '{' }],
    [400, 'a fragment', { path: `${pathOf('register')}#/x`, body: BODY }],
    [400, 'a fragment on the protocol plane', { path: `/connect/${SERVICE_ID}/register#`, body: BODY }],
    [401, 'no credentials', { headers: { 'content-type': 'application/json' }, body: BODY }],
    [403, 'no right', { headers: { ...HEADERS, authorization: 'Bearer without-rights' }, body: BODY }],
    [404, 'an unknown service', { path: pathOf('register', 1), body: BODY }],
    [404, 'an unknown path', { path: '/nope', body: BODY }],
    [404, 'a path that cannot be decoded', { path: '/%zz', body: BODY }],
    [404, 'a path with an overlong segment', { path: pathOf('register', '9'.repeat(500)), body: BODY }],
    [405, 'another method', { method: 'GET', headers: {} }],
    [413, 'a body that is too large', { body: ' '.repeat(1_000_000) }],
    [415, 'another content type', { headers: { ...HEADERS, 'content-type': 'text/plain' }, body: BODY }],
  ];

  describe.each(requests)('%d, %s', (status, _what, request) => {
    it('forbid caching (RFC 7591 section 5), and do not name the software', async () => {
      const response = await server.send(request);

      expect(response.status).toBe(status);
      expect(response.headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' });
      expect(response.headers['content-type']).toMatch(/^application\/json/);
      expect(response.headers).not.toHaveProperty('x-powered-by');
      expect(response.headers).not.toHaveProperty('server');
      expect(response.headers).not.toHaveProperty('etag');
      expect(response.headers).not.toHaveProperty('access-control-allow-origin');
    });

    it('contain a new request ID if the caller sends no valid one', async () => {
      const { headers = HEADERS } = request;
      const first = await server.send({ ...request, headers: { ...headers, 'x-request-id': 'mine' } });
      const second = await server.send({ ...request, headers: { ...headers, 'request-id': 'mine' } });

      for (const response of [first, second])
        expect(response.headers['x-request-id']).toMatch(/^[\da-f]{8}(-[\da-f]{4,12}){4}$/);
      expect(first.headers['x-request-id']).not.toBe(second.headers['x-request-id']);
    });

    it('contain the valid request ID of the caller', async () => {
      const { headers = HEADERS } = request;
      const response = await server.send({
        ...request,
        headers: { ...headers, 'x-request-id': 'Root=1-67891233-abcdef' },
      });

      expect(response.headers['x-request-id']).toBe('Root=1-67891233-abcdef');
    });
  });

  describe('WWW-Authenticate (RFC 6750 section 3)', () => {
    it.each([
      ['contains no error code if no credentials were sent', undefined, 401, 'Bearer realm="Clientele"'],
      [
        'contains invalid_token for a malformed token',
        'Bearer a b',
        401,
        'Bearer realm="Clientele", error="invalid_token"',
      ],
      ['contains no error code for another scheme', 'Basic YTpi', 401, 'Bearer realm="Clientele"'],
      [
        'contains invalid_token for a wrong token',
        'Bearer wrong',
        401,
        'Bearer realm="Clientele", error="invalid_token"',
      ],
      [
        'contains insufficient_scope for a token without the right',
        'Bearer without-rights',
        403,
        'Bearer realm="Clientele", error="insufficient_scope"',
      ],
    ])('%s', async (_what, authorization, status, challenge) => {
      const headers = { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) };
      const response = await server.send({ headers, body: BODY });

      expect(response.status).toBe(status);
      expect(response.headers['www-authenticate']).toBe(challenge);
    });

    it('is absent if the API access token is accepted', async () => {
      const { headers } = await server.send({ path: pathOf('get'), body: '{"clientId":1,"token":"x"}' });

      expect(headers).not.toHaveProperty('www-authenticate');
    });
  });
});
