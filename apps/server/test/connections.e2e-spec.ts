import { connect } from 'node:net';
import fc from 'fast-check';
import { MINIMAL, protocolOf, registerPath } from './support/protocol.ts';
import { SERVICE_ID, startServer, type TestServer } from './support/server.ts';

/** The body of a minimal registration. */
const METADATA = JSON.stringify(MINIMAL);

describe('connections', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  /** Sends bytes, and returns everything received until the server closes the connection. */
  const exchange = (bytes: string | Buffer, { baseUrl } = server): Promise<string> =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = connect(Number(new URL(baseUrl).port), '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', reject);
      socket.on('close', () => {
        resolve(Buffer.concat(chunks).toString('latin1'));
      });
    });
  const statusOf = (response: string) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(response)?.[1]);
  const post = (body: string, headers = '', length = String(Buffer.byteLength(body))): string =>
    `POST ${registerPath()} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${headers}\r\n${body}`;

  it.each([
    [400, 'text that is not HTTP', 'nonsense\r\n\r\n'],
    [400, 'a TLS handshake', Buffer.from('16030100a5010000a10303', 'hex')],
    [400, 'a broken request line', 'POST\r\n\r\n'],
    [400, 'no Host (RFC 9112 section 3.2)', `GET ${registerPath(1)} HTTP/1.1\r\n\r\n`],
    [400, 'a header with a blank in its name', `GET / HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n`],
    [400, 'a header folded over two lines', `GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n`],
    [400, 'two different lengths (RFC 9112 section 6.3)', post('{}', 'Content-Length: 3\r\n')],
    [400, 'a length and chunks (RFC 9112 section 6.1)', post('{}', 'Transfer-Encoding: chunked\r\n')],
    [400, 'a negative length', post('{}', '', '-1')],
    [400, 'a length that is not a number', post('{}', '', '2x')],
    [400, 'an unknown method', `NOPE ${registerPath()} HTTP/1.1\r\nHost: x\r\n\r\n`],
    [431, 'headers that are too large (RFC 6585 section 5)', post('{}', `X: ${'x'.repeat(20_000)}\r\n`)],
    [431, 'a path that is too long', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ])('returns %d for %s, and closes the connection', async (status, _what, bytes) => {
    const response = await exchange(bytes);

    expect(statusOf(response)).toBe(status);
    expect(response.toLowerCase()).toContain('connection: close');
    const [head = '', body = ''] = response.split('\r\n\r\n');
    if (body !== '' && /application\/json/i.test(head))
      expect(JSON.parse(body)).toMatchObject({ error: 'invalid_request' });
  });

  it('accepts a chunked body', async () => {
    const response = await exchange(
      `POST ${registerPath()} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n` +
        `1\r\n{\r\n${(METADATA.length - 1).toString(16)}\r\n${METADATA.slice(1)}\r\n0\r\n\r\n`,
    );

    expect(statusOf(response)).toBe(201);
  });

  it('returns 413 for a chunked body that is too large', async () => {
    const chunk = `${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}\r\n`;
    const response = await exchange(
      `POST ${registerPath()} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunk.repeat(3)}0\r\n\r\n`,
    );

    expect(statusOf(response)).toBe(413);
  });

  it('continues after invalid bytes that follow a request', async () => {
    const response = await exchange(`${post(METADATA)}nonsense\r\n\r\n`);

    expect(response).toMatch(/^HTTP\/1\.1 (201|400) /);
    expect((await protocolOf(server).register(MINIMAL)).status).toBe(201);
  });

  describe('with short timeouts', () => {
    let withShortTimeouts: TestServer;

    beforeAll(async () => {
      withShortTimeouts = await startServer({ HEADERS_TIMEOUT: '150', REQUEST_TIMEOUT: '300' });
    });

    afterAll(() => withShortTimeouts.close());

    it.each([
      ['headers', `POST ${registerPath()} HTTP/1.1\r\nHost: x\r\n`],
      ['the body', post('{', '', '2')],
    ])('returns 408 to a caller that is slow to send %s', async (_what, bytes) => {
      const response = await exchange(bytes, withShortTimeouts);

      expect(statusOf(response)).toBe(408);
      expect(response).toMatch(/"The request took too long to arrive\."\}$/);
    });

    it('closes an idle connection', async () => {
      // Only the idle timeout is short because the first request may be slow on a busy machine.
      const withShortKeepAlive = await startServer({ KEEP_ALIVE_TIMEOUT: '100' });
      const response = await exchange(post(METADATA), withShortKeepAlive);

      expect(statusOf(response)).toBe(201);
      expect(response).toMatch(/^connection: keep-alive\r$/im);
      await withShortKeepAlive.close();
    });
  });

  it('returns no 5xx for arbitrary bytes in a header, a path or a body', async () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ maxLength: 60 }),
      fc.constantFrom(
        'Bearer',
        'Bearer ',
        'Basic YTpi',
        '\u0000',
        '%00',
        '../..',
        '"1"',
        '*',
        'application/json;',
        '0',
        '-1',
      ),
    );
    const header = fc.constantFrom(
      'Authorization',
      'Content-Type',
      'Content-Encoding',
      'If-Match',
      'Idempotency-Key',
      'Origin',
      'Access-Control-Request-Method',
      'Access-Control-Request-Headers',
      'X-Forwarded-For',
      'Accept',
      'Expect',
      'Transfer-Encoding',
      'Host',
    );
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY');
    const path = fc.oneof(
      fc.constantFrom(registerPath(), registerPath(1), `/connect/${SERVICE_ID}/.well-known/openid-configuration`),
      anything.map((text) => `/connect/${SERVICE_ID}/register/${text}`),
      anything.map((text) => `/connect/${text}/register`),
    );

    await fc.assert(
      fc.asyncProperty(
        method,
        path,
        fc.array(fc.tuple(header, anything), { maxLength: 4 }),
        anything,
        async (...parts) => {
          const [verb, target, headers, body] = parts;
          const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
          const bytes = Buffer.from(
            `${verb} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n` +
              `Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n${lines}\r\n${body}\r\n\r\n`,
            'latin1',
          );
          const response = await exchange(bytes);
          expect(response).toMatch(/^HTTP\/1\.1 [1-4]\d\d /);
          expect(response).not.toMatch(/^HTTP\/1\.1 5/m);
        },
      ),
      { numRuns: 400 },
    );
  });
});
