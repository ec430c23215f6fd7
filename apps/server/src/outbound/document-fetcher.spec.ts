import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { DocumentFetcher, DocumentFetchError } from './document-fetcher.ts';
import type { NameResolver } from './name-resolution.ts';

const SERVICE = 1;

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
    await expect(new DocumentFetcher(true).fetchJson(url, SERVICE)).resolves.toEqual(['a']);
  });

  it('shares one fetch among concurrent calls for the same URL', async () => {
    const url = await serve(json);
    const fetcher = new DocumentFetcher(true);
    await Promise.all(Array.from({ length: 50 }, () => fetcher.fetchJson(url, SERVICE)));
    expect(requests).toHaveLength(1);
  });

  /** A resolver that never responds, also if it is cancelled, and the function that ends its look-ups. */
  function silentResolver(): { readonly resolver: NameResolver; readonly end: () => void } {
    let end = (): void => undefined;
    const ended = new Promise<never>((_, reject) => {
      end = () => {
        reject(new Error('cancelled'));
      };
    });
    ended.catch(() => undefined);
    return { resolver: { resolve4: () => ended, resolve6: () => ended, cancel: () => undefined }, end };
  }

  const outcomeOf = (document: Promise<unknown>): Promise<string> =>
    document.then(
      () => 'fetched',
      (error: unknown) => (error as DocumentFetchError).outcome,
    );

  const countOf = async (outcome: string, documents: readonly Promise<unknown>[]): Promise<number> =>
    (await Promise.all(documents.map(outcomeOf))).filter((each) => each === outcome).length;

  it('is busy beyond the concurrent fetches from one host, which is no fault of the document', async () => {
    const url = await serve(json);
    const fetcher = new DocumentFetcher(true);
    const documents = Array.from({ length: 10 }, (_, i) => fetcher.fetchJson(`${url}/${i}`, SERVICE));
    expect(await countOf('busy', documents)).toBe(6);
    expect(requests).toHaveLength(4);
  });

  it.each([
    ['for the clients of one service', 8, () => SERVICE],
    ['in all', 32, (i: number) => i],
  ])('is busy beyond the concurrent fetches %s', async (_what, most, serviceOf) => {
    const { resolver, end } = silentResolver();
    const fetcher = new DocumentFetcher(false, undefined, () => resolver);
    const documents = Array.from({ length: 40 }, (_, i) => fetcher.fetchJson(`https://${i}.example/`, serviceOf(i)));
    setImmediate(end);
    expect(await countOf('busy', documents)).toBe(40 - most);
  });

  it('gives a slot back after each fetch, whatever its outcome', async () => {
    const refused = await serve((_, response) => response.writeHead(404).end('a page'));
    const broken = await serve((request) => request.socket.destroy());
    const fetched = await serve(json);
    const unreachable = 'http://127.0.0.1:1/';
    const { resolver, end } = silentResolver();
    end();
    const fetcher = new DocumentFetcher(true, undefined, () => resolver);
    for (const url of [refused, broken, unreachable, 'https://unknown.example/', fetched]) {
      const outcomes = new Set<string>();
      for (let i = 0; i < 10; i++) outcomes.add(await outcomeOf(fetcher.fetchJson(`${url}?${i}`, SERVICE)));
      expect([...outcomes]).toEqual([expect.not.stringContaining('busy')]);
    }
  });

  it('gives the slot of a fetch that timed out back when the name server has responded', async () => {
    const { resolver, end } = silentResolver();
    const fetcher = new DocumentFetcher(false, undefined, () => resolver);
    const fetches = (): Promise<unknown>[] =>
      Array.from({ length: 4 }, (_, i) => fetcher.fetchJson(`https://silent.example/${i}`, SERVICE));

    expect(await countOf('timeout', fetches())).toBe(4);
    expect(await countOf('busy', fetches())).toBe(4);
    end();
    await new Promise(setImmediate);
    expect(await countOf('unreachable', fetches())).toBe(4);
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
    await expect(new DocumentFetcher(false).fetchJson(url, SERVICE)).rejects.toMatchObject({ outcome: 'refused' });
  });

  it.each([
    ['an internal address', ['10.0.0.1'], []],
    ['an internal address among public ones', ['8.8.8.8', '10.0.0.1'], ['2606:4700:4700::1111']],
    ['an internal IPv6 address', ['8.8.8.8'], ['fc00::1']],
  ])('refuses a name that resolves to %s', async (_what, four, six) => {
    const resolver = {
      resolve4: () => Promise.resolve(four),
      resolve6: () => Promise.resolve(six),
      cancel: () => undefined,
    } as unknown as NameResolver;
    const fetcher = new DocumentFetcher(false, undefined, () => resolver);
    await expect(fetcher.fetchJson('https://name.example/', SERVICE)).rejects.toMatchObject({ outcome: 'refused' });
  });

  it('fetches from a name', async () => {
    const url = (await serve(json)).replace('127.0.0.1', 'localhost');
    await expect(new DocumentFetcher(true).fetchJson(url, SERVICE)).resolves.toEqual(['a']);
  });

  it('refuses a name that resolves to loopback, and sends no request', async () => {
    const url = (await serve(json)).replace('127.0.0.1', 'localhost').replace('http:', 'https:');
    await expect(new DocumentFetcher(false).fetchJson(url, SERVICE)).rejects.toMatchObject({ outcome: 'refused' });
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
    await expect(new DocumentFetcher(true).fetchJson(url, SERVICE)).rejects.toBeInstanceOf(DocumentFetchError);
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

    const failure: unknown = await new DocumentFetcher(true).fetchJson(url, SERVICE).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(DocumentFetchError);
    expect(failure).toMatchObject({ outcome: 'timeout' });
    expect(requests).toHaveLength(1);
    // The connection is closed although the document is not complete.
    await ended;
  });
});
