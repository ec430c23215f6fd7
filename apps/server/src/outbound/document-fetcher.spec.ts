import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { DocumentFetcher, DocumentFetchError } from './document-fetcher.ts';

describe('DocumentFetcher', () => {
  const servers: Server[] = [];
  let requests: (string | undefined)[] = [];

  beforeEach(() => {
    requests = [];
  });

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** Starts a server on loopback, and returns the URL of a document. */
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer((request, response) => {
      requests.push(request.url);
      listener(request, response);
    });
    servers.push(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/document`;
  }

  const json: RequestListener = (_request, response) => {
    response.setHeader('content-type', 'application/json').end('["a"]');
  };

  it('fetches JSON', async () => {
    const url = await serve(json);
    await expect(new DocumentFetcher(true).fetchJson(url)).resolves.toEqual(['a']);
  });

  it('shares one fetch among concurrent calls for the same URL', async () => {
    const url = await serve(json);
    const fetcher = new DocumentFetcher(true);
    await Promise.all(Array.from({ length: 50 }, () => fetcher.fetchJson(url)));
    expect(requests).toHaveLength(1);
  });

  it('limits concurrent fetches from one host', async () => {
    const url = await serve(json);
    const fetcher = new DocumentFetcher(true);
    const results = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => fetcher.fetchJson(`${url}/${i}`)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    await expect(fetcher.fetchJson(url)).resolves.toEqual(['a']);
  });

  it.each([
    'https://127.0.0.1/x',
    'https://127.1/x',
    'https://2130706433/x',
    'https://0x7f.0.0.1/x',
    'https://[::1]/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://10.0.0.1/x',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost/x',
    'http://93.184.216.34/x',
    'ftp://93.184.216.34/x',
  ])('refuses %s', async (url) => {
    await expect(new DocumentFetcher(false).fetchJson(url)).rejects.toMatchObject({ outcome: 'refused' });
  });

  it('fails for a name without an address', async () => {
    const document = new DocumentFetcher(false).fetchJson('https://name.invalid/x');
    await expect(document).rejects.toBeInstanceOf(DocumentFetchError);
  });

  it('refuses a name that resolves to loopback, and sends no request', async () => {
    const url = (await serve(json)).replace('127.0.0.1', 'localhost').replace('http:', 'https:');
    await expect(new DocumentFetcher(false).fetchJson(url)).rejects.toMatchObject({ outcome: 'refused' });
    expect(requests).toHaveLength(0);
  });

  const huge = Buffer.alloc(64 * 1024 + 1, ' ');

  it.each<[string, RequestListener]>([
    ['a redirect', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    [
      'a status other than 200',
      (_, response) => response.writeHead(206, { 'content-type': 'application/json' }).end('[]'),
    ],
    ['another content type', (_, response) => response.setHeader('content-type', 'text/html').end('[]')],
    ['no content type', (_, response) => response.end('[]')],
    ['invalid JSON', (_, response) => response.setHeader('content-type', 'application/json').end('[')],
    ['a document that is too large', (_, response) => response.setHeader('content-type', 'application/json').end(huge)],
    [
      'compression',
      (_, response) =>
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(huge)),
    ],
    ['a broken connection', (request) => request.socket.destroy()],
  ])('refuses %s', async (_name, listener) => {
    const url = await serve(listener);
    await expect(new DocumentFetcher(true).fetchJson(url)).rejects.toBeInstanceOf(DocumentFetchError);
    expect(requests).toHaveLength(1);
  });

  it('stops reading a slow document at the deadline', async () => {
    let ended: Promise<void> | undefined;
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 100);
      ended = new Promise((resolve) => {
        response.on('close', () => {
          clearInterval(timer);
          resolve();
        });
      });
    });

    const failure: unknown = await new DocumentFetcher(true).fetchJson(url).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(DocumentFetchError);
    expect(failure).toMatchObject({ outcome: 'timeout' });
    expect(requests).toHaveLength(1);
    // The connection is closed although the document is not complete.
    await ended;
  });
});
