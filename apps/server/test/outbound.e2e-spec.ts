import { jest } from '@jest/globals';
import { DocumentFetcher, DocumentFetchError } from '../src/outbound/document-fetcher.ts';
import { protocolOf } from './support/protocol.ts';
import { HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const SECTOR = 'https://client.example.org/sector.json';
const METADATA = { redirect_uris: ['https://client.example.org/callback'], sector_identifier_uri: SECTOR };
const ISSUER = 'https://issuer.example.com';
const STATEMENT = [{ alg: 'RS256' }, { iss: ISSUER }, {}]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');

describe('the server fetches too many documents, which is no fault of the client', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
    const softwareStatementIssuers = [{ issuer: ISSUER, jwksUri: `${ISSUER}/jwks`, algorithms: ['RS256'] }];
    await server.configure({ softwareStatementIssuers });
  });

  beforeEach(() => {
    const busy = new DocumentFetchError('busy', 'Too many documents are being fetched.');
    jest.spyOn(server.app.get(DocumentFetcher), 'fetchJson').mockRejectedValue(busy);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  afterAll(() => server.close());

  const BUSY = /The server fetches too many documents/;

  it.each([
    ['a sector identifier document', METADATA],
    ['the keys of the issuer of a software statement', { ...METADATA, software_statement: STATEMENT }],
  ])('on both planes: %s', async (_what, metadata) => {
    const { status, headers, body } = await protocolOf(server).register(metadata);
    expect([status, headers['retry-after'], body.error]).toEqual([503, '1', 'server_error']);
    expect(body.error_description).toMatch(BUSY);

    const refused = await server.call('register', { json: JSON.stringify(metadata) });
    expect(refused.body).toMatchObject({ action: 'INTERNAL_SERVER_ERROR', resultCode: 'A001109' });
    expect(refused.content.error).toBe('server_error');
    expect(await server.storedClients()).toEqual([]);
  });

  it('for an administrator, whose request is not refused with 400', async () => {
    const path = `/api/${SERVICE_ID}/client/create`;
    const client = { redirectUris: METADATA.redirect_uris, sectorIdentifierUri: SECTOR };
    const { status, headers, text } = await server.send({ path, headers: HEADERS, body: JSON.stringify(client) });

    expect([status, headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(text)).toEqual({ resultCode: 'A001109', resultMessage: expect.stringMatching(BUSY) as string });
  });
});
