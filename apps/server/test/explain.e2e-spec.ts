import { readFileSync } from 'node:fs';
import type { Explanation } from '@clientele/model/decision';
import { ACCESS_TOKEN, HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const CALLBACK = 'https://client.example.org/callback';

/** A statement with an issuer and an invalid signature. */
function statementOf(issuer: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'RS256' })}.${encode({ iss: issuer })}.c2lnbmF0dXJl`;
}

describe('explain', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());
  afterEach(() => server.configure());

  const send = async (body: object, token = ACCESS_TOKEN) => {
    const { status, text } = await server.send({
      path: `/api/${SERVICE_ID}/client/registration/explain`,
      headers: { ...HEADERS, authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    return { status, body: JSON.parse(text) as Explanation & { resultCode?: string; resultMessage?: string } };
  };

  const explain = async (metadata: object, rest: object = {}) => {
    const { status, body } = await send({
      operation: 'register',
      plane: 'protocol',
      json: JSON.stringify(metadata),
      ...rest,
    });
    expect(status).toBe(200);
    return body;
  };

  it('returns the metadata to be registered, and the source of each value', async () => {
    const { accepted, metadata, findings, provenance, checks } = await explain({ redirect_uris: [CALLBACK], x: 1 });

    expect(accepted).toBe(true);
    expect(metadata).toMatchObject({ redirect_uris: [CALLBACK], grant_types: ['authorization_code'] });
    expect(provenance).toMatchObject({ redirect_uris: 'requested', grant_types: 'default' });
    expect(findings).toMatchObject([{ rule: 'member-unknown', severity: 'ignored', members: ['x'] }]);
    expect(checks).toEqual([]);
  });

  it('returns every problem; a registration returns the first one', async () => {
    const metadata = { redirect_uris: ['http://a.example/', 'ftp://b.example/'], client_name: 1, scope: ' a' };
    const { accepted, metadata: registered, findings } = await explain(metadata);

    expect([accepted, registered]).toEqual([false, undefined]);
    expect(findings.filter(({ severity }) => severity === 'refused').map(({ members }) => members[0])).toEqual([
      'redirect_uris[0]',
      'redirect_uris[1]',
      'client_name',
      'scope',
    ]);
    const refused = await server.send({
      path: `/connect/${SERVICE_ID}/register`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(metadata),
    });
    expect(JSON.parse(refused.text)).toEqual({
      error: findings[0]?.error,
      error_description: findings[0]?.message,
    });
  });

  it('depends on the settings of the service and on the plane', async () => {
    await server.configure({ supportedGrantTypes: ['CLIENT_CREDENTIALS'] });
    expect((await explain({ grant_types: ['password'] })).findings).toMatchObject([{ resultCode: 'A031201' }, {}]);

    await server.configure();
    expect((await explain({})).findings).toMatchObject([{ resultCode: 'A031234', error: 'invalid_redirect_uri' }]);
    expect((await explain({}, { plane: 'api' })).accepted).toBe(true);
  });

  it('checks an update against the stored client, but compares no credential', async () => {
    const { clientId } = await server.register({ redirect_uris: [CALLBACK] });
    const update = { operation: 'update', clientId };

    const wrong = await explain({ client_id: '7', redirect_uris: [CALLBACK] }, update);
    expect(wrong.findings).toMatchObject([{ rule: 'issued-members', resultCode: 'A214302' }]);
    const right = await explain(
      { client_id: String(clientId), redirect_uris: [CALLBACK], client_secret: 'guess' },
      update,
    );
    expect(right).toMatchObject({ accepted: true, checks: [{ rule: 'client-secret', outcome: 'skipped' }] });
  });

  it('accepts an update without redirect URIs on the API plane only if the client had none', async () => {
    const { clientId } = await server.register({});
    const other = await server.register({ redirect_uris: [CALLBACK] });
    const flow = { grant_types: ['authorization_code'], response_types: ['code'] };

    for (const [id, outcome] of [
      [clientId, 'passed'],
      [other.clientId, 'failed'],
    ]) {
      const { accepted, checks } = await explain(
        { client_id: String(id), ...flow },
        { operation: 'update', plane: 'api', clientId: id },
      );
      expect([accepted, checks]).toEqual([outcome === 'passed', [{ rule: 'redirect-uris-present', outcome }]]);
    }
  });

  it('looks up software_id, but skips fetches and signature checks', async () => {
    const issuer = { issuer: 'https://issuer.example.org', jwks: { keys: [] }, algorithms: ['RS256'] };
    await server.configure({ dcrDuplicateSoftwareIdBlocked: true, softwareStatementIssuers: [issuer] });
    await server.register({ redirect_uris: [CALLBACK], software_id: 'taken' });
    const metadata = {
      redirect_uris: [CALLBACK],
      sector_identifier_uri: 'https://client.example.org/sector.json',
      software_statement: statementOf(issuer.issuer),
    };

    const { checks } = await explain({ ...metadata, software_id: 'free' });
    expect(checks).toEqual([
      { rule: 'software-statement', outcome: 'skipped' },
      { rule: 'software-id-unique', outcome: 'passed' },
      { rule: 'sector-identifier-document', outcome: 'skipped' },
    ]);
    const taken = await explain({ ...metadata, software_id: 'taken' });
    expect(taken.accepted).toBe(false);
    expect(taken.findings.at(-1)).toMatchObject({ rule: 'software-id-unique', resultCode: 'A203308' });
  });

  it('refuses a software statement of an untrusted issuer', async () => {
    const metadata = { redirect_uris: [CALLBACK], software_statement: statementOf('https://issuer.example.org') };
    const { accepted, findings, checks } = await explain(metadata);

    expect(accepted).toBe(false);
    expect(findings).toMatchObject([
      { rule: 'software-statement', error: 'unapproved_software_statement', resultCode: 'A205305' },
    ]);
    expect(checks).toEqual([{ rule: 'software-statement', outcome: 'failed' }]);
  });

  it('returns the response in docs/decision.md', async () => {
    const page = readFileSync(new URL('../../../docs/decision.md', import.meta.url), 'utf8');
    const [request, response] = Array.from(page.matchAll(/```json\n(.*?)```/gs), ([, block = '']) => block);
    const { status, body } = await send(JSON.parse(request ?? '') as object);

    const shown = JSON.parse(response ?? '') as Explanation;
    expect(status).toBe(200);
    expect(body).toMatchObject(shown);
    expect(Object.keys(body)).toEqual(Object.keys(shown));
  });

  it('changes nothing', async () => {
    const { clientId } = await server.register({ redirect_uris: [CALLBACK] });
    const before = await server.storedClients();

    await explain({ redirect_uris: [CALLBACK], client_name: 'Another' });
    await explain({ client_id: String(clientId), redirect_uris: [CALLBACK] }, { operation: 'update', clientId });
    expect(await server.storedClients()).toEqual(before);
  });

  it.each([
    [400, 'A001204', { operation: 'delete' }],
    [400, 'A001204', { plane: 'other' }],
    [400, 'A001204', { operation: 'update' }],
    [400, 'A215301', { operation: 'update', clientId: 'x' }],
    [404, 'A001208', { operation: 'update', clientId: 7 }],
    [400, 'A203302', { json: 7 }],
  ])('refuses an invalid request with %d %s: %j', async (status, resultCode, change) => {
    const response = await send({ operation: 'register', plane: 'api', json: '{}', ...change });

    expect([response.status, response.body.resultCode]).toEqual([status, resultCode]);
  });

  it('requires only the right VIEW_CLIENT', async () => {
    for (const [right, status] of [
      ['VIEW_CLIENT', 200],
      ['VERIFY_CLIENT_SECRET', 403],
    ] as const) {
      const { authorization } = await server.callerWith(right);
      const token = authorization?.slice('Bearer '.length);
      expect((await send({ operation: 'register', plane: 'api', json: '{}' }, token)).status).toBe(status);
    }
  });
});
