import { decide, readRequest, type ReadObject } from '@clientele/model/decision';
import { CLIENT_AUTH_METHOD, FIELDS, GRANT_TYPE, JWE_ALG, JWS_ALG, RESPONSE_TYPE } from '@clientele/model/metadata';
import fc from 'fast-check';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { checkClientDocument } from '../src/clients/check-client-document.ts';
import { ClientDocument } from '../src/clients/client-document.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import { Database, type Row } from '../src/database/database.ts';
import { SCHEMA } from '../src/schema.ts';
import type { Service } from '../src/services/service.ts';
import { secretProblem } from '../src/transfer/imported-secrets.ts';
import { recordKindsOf } from '../src/transfer/record-kind.ts';
import { ADMINISTERED } from './support/administered.ts';
import { clientMetadata, nearlyMetadata } from './support/arbitraries.ts';
import { MINIMAL, protocolOf } from './support/protocol.ts';
import { everyMember } from './support/samples.ts';
import { HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const EXTENSION_GRANT = 'urn:example:grant';
const ISSUER = 'https://issuer.example.com';
const SETTINGS: Partial<Service> = { supportedCustomClientMetadata: ['team', 'toString'], unsupportedValues: 'NARROW' };

/** An import refuses no row that the server has stored, whoever sent it, and whatever the settings are now. */
describe('the rows of an export', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  const administer = async (client: object): Promise<number> => {
    const body = JSON.stringify(client);
    const response = await fetch(`${server.baseUrl}/api/${SERVICE_ID}/client/create`, {
      method: 'POST',
      headers: HEADERS,
      body,
    });
    return response.status;
  };

  const signedStatement = async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const claims = { iss: ISSUER, ...MINIMAL, client_name: 'Signed', team: Array.from({ length: 2000 }, () => 1e20) };
    return {
      issuer: { issuer: ISSUER, jwks: { keys: [{ ...(await exportJWK(publicKey)) }] }, algorithms: ['ES256'] },
      statement: await new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(privateKey),
    };
  };

  it('are accepted by an import, also after the settings were narrowed', async () => {
    const protocol = protocolOf(server);
    const { issuer, statement } = await signedStatement();
    await server.configure({
      ...SETTINGS,
      supportedGrantTypes: ['AUTHORIZATION_CODE', 'CLIENT_CREDENTIALS', EXTENSION_GRANT],
      supportedScopes: [{ name: 'openid', defaultEntry: true }],
      supportedTokenAuthMethods: ['PRIVATE_KEY_JWT', 'NONE', 'CLIENT_SECRET_BASIC'],
      softwareStatementIssuers: [issuer],
    });
    const registered = await server.register({ ...MINIMAL, grant_types: ['authorization_code', EXTENSION_GRANT] });
    await server.register({ team: { n: 1 }, toString: 'text', ...MINIMAL });
    await server.register(`{"team":12345678901234567890.5,"redirect_uris":["https://a.example/cb"]}`);
    await server.register({ software_statement: statement });
    await server.register({ token_endpoint_auth_methods_supported: ['client_secret_jwt', 'none'], ...MINIMAL });
    await server.configure(SETTINGS);
    await server.register({});
    await server.register(everyMember());
    await protocol.register(MINIMAL, { 'idempotency-key': 'own rows' });
    for (const metadata of fc.sample(clientMetadata, { numRuns: 30, seed: 7 })) {
      await server.call('register', { json: JSON.stringify(metadata) });
      await protocol.register(metadata);
    }
    for (const json of fc.sample(nearlyMetadata, { numRuns: 30, seed: 7 })) await server.call('register', { json });
    await server.update(registered, { redirect_uris: ['https://client.example.org/other'] });
    expect(await administer({ ...ADMINISTERED, clientName: 'Administered' })).toBe(200);
    expect(await administer({ tokenAuthMethod: 'NONE', grantTypes: ['CLIENT_CREDENTIALS', 'IMPLICIT'] })).toBe(400);
    expect(await administer({ customMetadata: '{"team":[1e400]}', developer: 'd'.repeat(2000) })).toBe(200);
    await server.configure({ supportedGrantTypes: ['PASSWORD'], supportedTokenAuthMethods: [], supportedJwsAlgs: [] });

    const refused: string[] = [];
    const derived: Record<string, Row[]> = {};
    const encryption = server.app.get(SecretEncryption);
    let clients = 0;
    for (const { table, columns, exported } of recordKindsOf(SCHEMA).filter(({ ofAllServices }) => !ofAllServices)) {
      const names = Object.keys(columns).join(', ');
      const sql = `SELECT ${names} FROM ${table.name} WHERE service_id = $1`;
      for (const row of await server.app.get(Database).read({ sql, values: [SERVICE_ID] })) {
        if (table.name === 'client') clients += 1;
        try {
          exported.check?.(row, SERVICE_ID);
          expect(secretProblem(table, { ...row, service_id: SERVICE_ID }, encryption)).toBeUndefined();
          for (const { table: name, of } of exported.derived?.alongside ?? [])
            (derived[name] ??= []).push(...of(row, SERVICE_ID));
        } catch (error) {
          refused.push(`${(error as Error).message}: ${JSON.stringify(row)}`);
        }
      }
    }
    expect(refused).toEqual([]);
    expect(clients).toBeGreaterThan(50);
    expect(Object.keys(derived)).toEqual(['client_search', 'client_identifier']);
    for (const [name, rows] of Object.entries(derived)) {
      const stored = await server.app.get(Database).read({ sql: `SELECT * FROM ${name}`, values: [] });
      expect(rows.length).toBeGreaterThan(0);
      expect(sorted(rows)).toEqual(sorted(stored));
    }
  });
});

/** Rows as texts in one order, with their columns in one order. */
const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();

const subsetOf = (values: Readonly<Record<string, string>>) => fc.subarray(Object.values(values), { minLength: 1 });

const unsupportedValues = fc.constantFrom('STRICT' as const, 'NARROW' as const);

/** Settings that limit some values. */
const limits = fc.record(
  {
    unsupportedValues,
    supportedTokenAuthMethods: subsetOf(CLIENT_AUTH_METHOD),
    supportedGrantTypes: subsetOf(GRANT_TYPE),
    supportedResponseTypes: subsetOf(RESPONSE_TYPE),
    supportedJwsAlgs: subsetOf(JWS_ALG),
    supportedJweAlgs: subsetOf(JWE_ALG),
  },
  { requiredKeys: ['unsupportedValues'] },
);

/** Lists of alternatives, from which the server selects (OpenID Connect Relying Party Metadata Choices). */
const alternatives = fc.record(
  Object.fromEntries(
    FIELDS.flatMap(([name, { alternatives: list, values }]) =>
      list === undefined || values === undefined
        ? []
        : [[name, fc.subarray([...values], { minLength: 1 }).map((listed) => ({ list, listed }))]],
    ),
  ),
  { requiredKeys: [] },
);

/** Metadata with lists instead of some values. */
const withAlternatives = fc.tuple(clientMetadata, alternatives).map(([metadata, lists]): object => {
  const entries = Object.entries<unknown>(metadata).filter(([name]) => !(name in lists));
  const listed = Object.values(lists).map((each) => [each?.list ?? '', each?.listed] as const);
  return Object.fromEntries<unknown>([...entries, ...listed]);
});

describe('the metadata that a decision accepts', () => {
  it('are accepted by an import, whatever the plane, the settings and the software statement were', () => {
    let accepted = 0;
    const circumstances = fc.record({
      settings: fc.oneof(fc.record({ unsupportedValues }), limits),
      plane: fc.constantFrom('api' as const, 'protocol' as const),
      claims: fc.oneof(fc.constant(undefined), clientMetadata),
      byAdministrator: fc.boolean(),
    });
    const requests: fc.Arbitrary<object> = fc.oneof(clientMetadata, withAlternatives);
    const custom = fc.record({ team: fc.jsonValue() }, { requiredKeys: [] });
    const read = (value: object) => readRequest(JSON.stringify(value)) as ReadObject;
    fc.assert(
      fc.property(requests, custom, circumstances, (members, team, { settings, claims, ...context }) => {
        const decision = decide(
          read({ ...members, ...team }),
          { ...settings, supportedCustomClientMetadata: ['team'] },
          { ...context, operation: 'register', statement: claims && read(claims) },
        );
        if (!decision.accepted) return;
        accepted += 1;
        checkClientDocument(ClientDocument.of({ metadata: decision.metadata, custom: decision.custom.text }).text);
      }),
      { numRuns: 200 },
    );
    expect(accepted).toBeGreaterThan(10);
  });
});
