import { connect } from 'node:net';
import fc from 'fast-check';
import { MINIMAL, protocolOf, registerPath } from './support/protocol.ts';
import { SERVICE_ID, startServer, type TestServer } from './support/server.ts';

/** The least that a client registers, as a body. */
const METADATA = JSON.stringify(MINIMAL);

describe('connections', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  /** Everything that comes back for these bytes, until the server ends the connection. */
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
  const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
  const post = (body: string, headers = '', length = String(Buffer.byteLength(body))): string =>
    `POST ${registerPath()} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${headers}\r\n${body}`;

  it.each([
    [400, 'no HTTP at all', 'nonsense\r\n\r\n'],
    [400, 'a TLS handshake', Buffer.from('16030100a5010000a10303', 'hex')],
    [400, 'a broken request line', 'POST\r\n\r\n'],
    [400, 'no Host (RFC 9112 section 3.2)', `GET ${registerPath(1)} HTTP/1.1\r\n\r\n`],
    [400, 'a header with a blank in its name', `GET / HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n`],
    [400, 'a header folded over lines', `GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n`],
    [400, 'two different lengths (RFC 9112 section 6.3)', post('{}', 'Content-Length: 3\r\n')],
    [400, 'a length and chunks (RFC 9112 section 6.1)', post('{}', 'Transfer-Encoding: chunked\r\n')],
    [400, 'a negative length', post('{}', '', '-1')],
    [400, 'a length that is no number', post('{}', '', '2x')],
    [400, 'an unknown method', `NOPE ${registerPath()} HTTP/1.1\r\nHost: x\r\n\r\n`],
    [431, 'headers that are too large (RFC 6585 section 5)', post('{}', `X: ${'x'.repeat(20_000)}\r\n`)],
    [431, 'a path that is too long', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ])('%d for %s, and the connection is ended', async (status, _what, bytes) => {
    const answer = await exchange(bytes);

    expect(statusOf(answer)).toBe(status);
    expect(answer.toLowerCase()).toContain('connection: close');
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    if (body !== '' && /application\/json/i.test(head))
      expect(JSON.parse(body)).toMatchObject({ error: 'invalid_request' });
  });

  it('a body in chunks, without a length, is read as any other', async () => {
    const answer = await exchange(
      `POST ${registerPath()} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n` +
        `1\r\n{\r\n${(METADATA.length - 1).toString(16)}\r\n${METADATA.slice(1)}\r\n0\r\n\r\n`,
    );

    expect(statusOf(answer)).toBe(201);
  });

  it('a body in chunks that is too large is 413', async () => {
    const chunk = `${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}\r\n`;
    const answer = await exchange(
      `POST ${registerPath()} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunk.repeat(3)}0\r\n\r\n`,
    );

    expect(statusOf(answer)).toBe(413);
  });

  it('a request followed by nonsense in the same breath does not stop the server', async () => {
    const answer = await exchange(`${post(METADATA)}nonsense\r\n\r\n`);

    expect(answer).toMatch(/^HTTP\/1\.1 (201|400) /);
    expect((await protocolOf(server).register(MINIMAL)).status).toBe(201);
  });

  describe('whose callers may take little time', () => {
    let hurried: TestServer;

    beforeAll(async () => {
      hurried = await startServer({ HEADERS_TIMEOUT: '150', REQUEST_TIMEOUT: '300' });
    });

    afterAll(() => hurried.close());

    it.each([
      ['headers', `POST ${registerPath()} HTTP/1.1\r\nHost: x\r\n`],
      ['the body', post('{', '', '2')],
    ])('who is slow with %s is cut off', async (_what, bytes) => {
      const answer = await exchange(bytes, hurried);

      expect(statusOf(answer)).toBe(408);
      expect(answer).toMatch(/"The request took too long to arrive\."\}$/);
    });

    it('who sends no further request is sent away', async () => {
      // With time for the first one, which may be slow on a busy machine.
      const impatient = await startServer({ KEEP_ALIVE_TIMEOUT: '100' });
      const answer = await exchange(post(METADATA), impatient);

      expect(statusOf(answer)).toBe(201);
      expect(answer).toMatch(/^connection: keep-alive\r$/im);
      await impatient.close();
    });
  });

  it('whatever bytes come in a header, a path or a body: an answer, and never a 5xx', async () => {
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
          const answer = await exchange(bytes);
          expect(answer).toMatch(/^HTTP\/1\.1 [1-4]\d\d /);
          expect(answer).not.toMatch(/^HTTP\/1\.1 5/m);
        },
      ),
      { numRuns: 400 },
    );
  });
});
