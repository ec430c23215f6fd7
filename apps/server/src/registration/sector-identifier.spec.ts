import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SectorDocumentCheck } from '@clientele/model/decision';
import { DocumentFetcher } from '../outbound/document-fetcher.ts';
import { SectorIdentifierDocuments } from './sector-identifier.ts';

const ONE = 'https://one.example.org/callback';
const OTHER = 'https://other.example.org/callback';

function checkOf(uri: string, ...redirectUris: string[]): SectorDocumentCheck {
  return { rule: 'sector-identifier-document', uri, listed: [['redirect_uris', redirectUris]] };
}

describe('the sector identifier document (OpenID Connect Registration section 5)', () => {
  const servers: Server[] = [];
  const sectorIdentifier = new SectorIdentifierDocuments(new DocumentFetcher(true));

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** Starts a server on loopback, and returns its URL. */
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/redirect_uris.json`;
  }

  const documentOf =
    (text: string): RequestListener =>
    (_request, response) => {
      response.setHeader('content-type', 'application/json').end(text);
    };

  it.each([
    ['the redirect URIs', JSON.stringify([ONE, OTHER])],
    ['the redirect URIs in another order, and others', JSON.stringify(['https://third.example.org/', OTHER, ONE])],
    ['the redirect URIs, and values that are not URIs', JSON.stringify([ONE, OTHER, 1, null, {}])],
  ])('may list %s', async (_what, text) => {
    const sector_identifier_uri = await serve(documentOf(text));

    await expect(sectorIdentifier.check(checkOf(sector_identifier_uri, ONE, OTHER), 1)).resolves.toBeUndefined();
  });

  it.each([
    ['nothing', []],
    ['only one redirect URI', [ONE]],
    ['a redirect URI with another spelling', [ONE, `${OTHER}/`]],
    ['a nested list', [[ONE, OTHER]]],
  ])('is refused if it lists %s', async (_what, list) => {
    const sector_identifier_uri = await serve(documentOf(JSON.stringify(list)));

    await expect(sectorIdentifier.check(checkOf(sector_identifier_uri, ONE, OTHER), 1)).resolves.toMatchObject({
      error: 'invalid_client_metadata',
      resultCode: 'A032220',
    });
  });

  it.each<[string, RequestListener]>([
    ['an object', documentOf(JSON.stringify({ redirect_uris: [ONE] }))],
    ['a string', documentOf(JSON.stringify(ONE))],
    ['null', documentOf('null')],
    ['not JSON', documentOf(ONE)],
    ['HTML', (_request, response) => response.setHeader('content-type', 'text/html').end(JSON.stringify([ONE]))],
    ['missing', (_request, response) => response.writeHead(404, { 'content-type': 'application/json' }).end('[]')],
    ['a redirect', (_request, response) => response.writeHead(302, { location: 'https://example.org/' }).end()],
  ])('is refused with the same message if it is %s', async (_what, listener) => {
    const sector_identifier_uri = await serve(listener);

    await expect(sectorIdentifier.check(checkOf(sector_identifier_uri, ONE), 1)).resolves.toMatchObject({
      error: 'invalid_client_metadata',
      resultCode: 'A032219',
      message: '[A032219] sector_identifier_uri: has no usable document; publish a JSON array of redirect URIs there.',
    });
  });

  it('is not fetched from an address that is not public', async () => {
    const requests: string[] = [];
    const url = await serve((request, response) => {
      requests.push(request.url ?? '');
      response.end();
    });
    const guarded = new SectorIdentifierDocuments(new DocumentFetcher(false));

    for (const sector_identifier_uri of [url, url.replace('http:', 'https:'), 'https://169.254.169.254/']) {
      await expect(guarded.check(checkOf(sector_identifier_uri), 1)).resolves.toMatchObject({ resultCode: 'A032219' });
    }
    expect(requests).toEqual([]);
  });
});
