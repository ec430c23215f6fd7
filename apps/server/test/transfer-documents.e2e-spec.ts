import { Readable } from 'node:stream';
import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import { AUDIT_CHAIN_TABLE } from '../src/changes/change-tables.ts';
import { SYSTEM } from '../src/changes/change.ts';
import { ChainKeys, newChain, sealOf } from '../src/changes/chains.ts';
import { NO_MAC } from '../src/changes/mac.ts';
import { PendingChanges, pendingValues } from '../src/changes/pending-changes.ts';
import { everythingService } from './support/everything-service.ts';
import { ApiAccessTokenStore } from '../src/access/api-access-token-store.ts';
import { createService } from '../src/administration/services/create-service.ts';
import { CLIENT_TABLE } from '../src/clients/client-tables.ts';
import { TERM } from '../src/clients/client-terms.ts';
import { CHANGE_STATE, listServices } from '../src/services/service-store.ts';
import type { Database } from '../src/database/database.ts';
import { ownerOf } from '../src/database/table.ts';
import { SCHEMA } from '../src/schema.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import { importService, type Imported } from '../src/transfer/import.ts';
import { TransferReader } from '../src/transfer/transfer-file.ts';
import { hashToken } from '../src/crypto/token.ts';
import { JWKS } from './support/samples.ts';
import { newPersistentStore, type PersistentStore } from './support/engine.ts';

const OTHER_SERVICE_ID = 1111111111;
const SERVICE_ID = 2222222222;
const CREATED_AT = 1_700_000_000_000;
const HASH = hashToken('a token');
/** The largest number of JSON that is exact. A server that adds to it gets a wrong number. */
const TOO_LARGE = Number.MAX_SAFE_INTEGER;

interface FileRecord {
  readonly kind: string;
  readonly row: Readonly<Record<string, unknown>>;
}

const serviceRecord = (changes: object = {}): FileRecord => ({
  kind: 'service',
  row: {
    version: 1,
    created_at: CREATED_AT,
    modified_at: CREATED_AT,
    properties: JSON.stringify({ ...everythingService(SERVICE_ID, 1, CREATED_AT), ...changes }),
  },
});

const clientRecord = (metadata: object | string = {}, columns: object = {}): FileRecord => ({
  kind: 'client',
  row: {
    client_id: 5,
    identifiers: null,
    version: 1,
    created_at: CREATED_AT,
    modified_at: CREATED_AT,
    metadata: typeof metadata === 'string' ? metadata : JSON.stringify(metadata),
    administration: null,
    secrets: null,
    secret_digests: null,
    registration_access_token_hash: HASH,
    previous_token_hash: null,
    previous_token_until: null,
    source: 'dynamic',
    registration: '{"plane":"api"}',
    last_used_at: 0,
    unused_since: null,
    update_day: 0,
    update_count: 0,
    ...columns,
  },
});

const tokenRecord = (columns: object = {}, kind = 'api_access_token'): FileRecord => ({
  kind,
  row: {
    token_hash: hashToken(kind),
    access_rights: '["ADMIN"]',
    label: null,
    created_at: CREATED_AT,
    created_by: '{"type":"system"}',
    expires_at: null,
    ...columns,
  },
});

const initialAccessTokenRecord = (columns: object = {}): FileRecord => ({
  kind: 'initial_access_token',
  row: {
    token_id: 7,
    token_hash: HASH,
    label: null,
    created_at: CREATED_AT,
    expires_at: CREATED_AT + 86_400_000,
    uses: 3,
    uses_left: 2,
    ...columns,
  },
});

const CHAIN_SECRET = randomBytes(32).toString('base64url');
const CHAIN_KEY = createSecretKey(CHAIN_SECRET, 'base64url');

const encryption = new SecretEncryption([randomBytes(32)]);

/** The column `secrets` of a client. */
const secretsOf = (clientId: number): string =>
  encryption.encrypt('[]', ownerOf(CLIENT_TABLE, { service_id: SERVICE_ID, client_id: clientId }));

const chainRecord = (columns: object = {}, serviceId = SERVICE_ID): FileRecord => {
  const head = { epoch: 1, sequence: 0, mac: NO_MAC, clients: 0 };
  return {
    kind: 'audit_chain',
    row: {
      ...head,
      seal: sealOf(CHAIN_KEY, { serviceId, ...head }),
      chain_key: encryption.encrypt(CHAIN_SECRET, ownerOf(AUDIT_CHAIN_TABLE, { service_id: serviceId })),
      ...columns,
    },
  };
};

const entryRecord = (changes: object | string = {}): FileRecord => {
  const entry = {
    v: 1,
    serviceId: String(SERVICE_ID),
    epoch: 1,
    sequence: 1,
    at: CREATED_AT,
    action: 'service.created',
    actor: { type: 'system' },
    subject: { type: 'service', id: String(SERVICE_ID) },
    differences: [],
  };
  const body = typeof changes === 'string' ? changes : JSON.stringify({ ...entry, ...changes });
  return { kind: 'audit_entry', row: { sequence: 1, client_id: 0, version: 0, body, mac: HASH } };
};

const pendingRecord = (columns: object = {}): FileRecord => {
  const subject = { type: 'service', id: String(SERVICE_ID) } as const;
  const { service_id: _serviceId, ...row } = pendingValues(
    CHAIN_KEY,
    { action: 'service.updated', subject, ...SYSTEM },
    { serviceId: SERVICE_ID, at: CREATED_AT },
  );
  return { kind: 'audit_pending', row: { ...row, ...columns } };
};

const responseRecord = (columns: object = {}): FileRecord => ({
  kind: 'idempotent_registration',
  row: {
    key_hash: HASH,
    request_hash: HASH,
    entity_tag: '"5.1.loyw3v28.loyw3v28.complete"',
    response: '',
    expires_at: Date.now() + 60_000,
    ...columns,
  },
});

const hashIn = ({ row }: FileRecord) => row.token_hash;

/** Creates an export file with these records, and with correct counts and checksum. */
function fileOf(records: readonly FileRecord[], header: object = {}): string {
  const first = {
    format: 'clientele-export',
    version: 1,
    schemaVersion: SCHEMA.version,
    serviceId: SERVICE_ID,
    exportedAt: '',
    encryptionKeys: [],
    ...header,
  };
  const text = [first, ...records].map((line) => `${JSON.stringify(line)}\n`).join('');
  const counts: Record<string, number> = {};
  for (const { kind } of records) counts[kind] = (counts[kind] ?? 0) + 1;
  return `${text}${JSON.stringify({ counts, sha256: createHash('sha256').update(text).digest('hex') })}\n`;
}

describe('the import of a file', () => {
  let store: PersistentStore;
  let database: Database;
  let keys: ChainKeys;

  beforeAll(async () => {
    store = await newPersistentStore();
    database = await store.open();
    await SCHEMA.migrate(database);
  });

  beforeEach(async () => {
    for (const { name, exported } of SCHEMA.tables) {
      if (exported === false) continue;
      for (const each of [name, ...(exported.derived?.alongside ?? []).map(({ table }) => table)])
        await database.write({ sql: `DELETE FROM ${each}`, values: [] });
    }
    keys = new ChainKeys(database, encryption);
    const token = {
      tokenHash: hashToken('other service'),
      serviceId: OTHER_SERVICE_ID,
      accessRights: ['ADMIN'],
    } as const;
    await createService(
      { database, encryption, keys },
      everythingService(OTHER_SERVICE_ID, 1, CREATED_AT),
      token,
      SYSTEM,
    );
  });

  afterAll(async () => {
    await database.close();
    await store.drop();
  });

  const importText = async (
    text: string,
    { startOver = false, into = database }: { readonly startOver?: boolean; readonly into?: Database } = {},
  ): Promise<Imported> => {
    const chunks = Readable.from([Buffer.from(text)]);
    const { header, reader } = await TransferReader.open(chunks, {
      schema: SCHEMA,
      allServiceTokens: true,
      encryption,
    });
    return importService(into, header, reader, {
      schema: SCHEMA,
      encryption,
      changeState: CHANGE_STATE,
      by: SYSTEM,
      startOver,
      onRecords: () => undefined,
    });
  };

  const storedTokens = () =>
    database.read({ sql: 'SELECT service_id, token_hash FROM api_access_token ORDER BY created_at', values: [] });
  const serviceIdsOfTokens = async () => (await storedTokens()).map(({ service_id: id }) => Number(id));

  /** Imports invalid records, expects that the import changes no service or API access token, and returns the error message. */
  const rejection = async (records: readonly FileRecord[], header?: object): Promise<string> => {
    const error: unknown = await importText(fileOf(records, header)).catch((reason: unknown) => reason);
    expect((await listServices(database)).map(({ apiKey }) => apiKey)).toEqual([OTHER_SERVICE_ID]);
    expect(await serviceIdsOfTokens()).toEqual([OTHER_SERVICE_ID]);
    expect(error).toMatchObject({ name: 'TransferError' });
    return (error as Error).message;
  };

  it('imports a valid service with clients and tokens, and recognizes a repeated import', async () => {
    const settings = {
      supportedScopes: [{ name: 'openid', defaultEntry: true }],
      supportedCustomClientMetadata: ['team'],
      serverMetadata: { some_member: { deep: [1, 'x'] } },
      softwareStatementIssuers: [{ issuer: 'https://i.example', jwks: JWKS, algorithms: ['ES256'] }],
    };
    const metadata = {
      redirect_uris: ['https://app.example/cb'],
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      client_name: 'A',
      'client_name#ja': 'あ',
      jwks: { keys: [] },
      default_max_age: 5,
      require_auth_time: true,
      software_id: 'software',
      software_statement: 'a.b.c',
      team: { name: 'x' },
    };
    const columns = {
      identifiers: '{"canonical":"https://app.example/id","alias":"a"}',
      administration: JSON.stringify({
        locked: true,
        developer: 'd',
        requestableScopes: ['openid'],
        resources: ['https://api.example'],
        attributes: [{ key: 'k', value: 'v' }],
        notes: 'n',
        expiresAt: CREATED_AT,
      }),
      secrets: secretsOf(5),
      secret_digests: JSON.stringify([{ sha256: HASH, createdAt: 1, expiresAt: 2 }]),
      registration: '{"plane":"protocol","initialAccessTokenId":7,"statementIssuer":"https://i.example"}',
      previous_token_hash: HASH,
      previous_token_until: CREATED_AT,
    };
    const text = fileOf([
      serviceRecord(settings),
      tokenRecord(),
      tokenRecord({}, 'api_access_token_of_all_services'),
      initialAccessTokenRecord({ label: 'Team' }),
      clientRecord(metadata, columns),
      chainRecord(),
      entryRecord(),
      pendingRecord(),
    ]);

    expect(await importText(text)).toMatchObject({ already: false });
    expect(await importText(text)).toMatchObject({ already: true });
    const [, imported] = await listServices(database);
    expect(imported).toMatchObject({ apiKey: SERVICE_ID, ...settings });
    const [client] = await database.read({ sql: 'SELECT * FROM client', values: [] });
    expect(client).toMatchObject({ locked: 1 });
    const identifiers = { sql: 'SELECT identifier_hash, client_id FROM client_identifier', values: [] };
    expect(new Set(await database.read(identifiers))).toEqual(
      new Set(['https://app.example/id', 'a'].map((each) => ({ identifier_hash: hashToken(each), client_id: 5 }))),
    );
    const terms = await database.read({ sql: 'SELECT term FROM client_search WHERE client_id = 5', values: [] });
    expect(terms.map(({ term }) => term)).toEqual(
      expect.arrayContaining([TERM.softwareId('software'), TERM.developer('d'), TERM.attribute('k=v')]),
    );
  });

  it('rejects a service whose ID differs from the ID in the header', async () => {
    expect(await rejection([serviceRecord({ apiKey: OTHER_SERVICE_ID })])).toBe(
      `Line 2: service ${SERVICE_ID}: properties.apiKey must be ${SERVICE_ID}, as in the header.`,
    );
  });

  it.each([
    ['a number', { number: 'x' }, 'properties.number must be a whole number from 0 to 2147483647'],
    ['a larger number', { number: TOO_LARGE }, 'properties.number must be a whole number from 0 to 2147483647'],
    ['a boolean', { initialAccessTokenRequired: 'no' }, 'initialAccessTokenRequired must be a boolean'],
    ['a URL', { issuer: 'javascript:alert(1)' }, 'issuer: "javascript:alert(1)" uses the scheme javascript'],
    ['a list', { supportedScopes: [{ name: 'a b' }] }, 'name must be a scope token'],
    ['an unknown setting', { isAdmin: true }, 'properties has an unknown member isAdmin'],
    [
      'an unknown member of a list element',
      { supportedScopes: [{ name: 'a', defaultEntry: false, x: 1 }] },
      'properties.supportedScopes[0] has an unknown member x',
    ],
    [
      'a reserved name',
      { supportedCustomClientMetadata: ['client_id'] },
      'properties.supportedCustomClientMetadata must not hold client_id',
    ],
    ['another time', { createdAt: 5 }, 'properties.createdAt and properties.modifiedAt must be created_at'],
    ['too much text', { serverMetadata: { long: 'x'.repeat(131_072) } }, 'at most 131072 are possible'],
    ['the member constructor', { serverMetadata: { constructor: 1 } }, 'must not have a member constructor'],
  ])('rejects a service with an invalid setting: %s', async (_what, changes, expected) => {
    const message = await rejection([serviceRecord(changes)]);

    expect(message).toMatch(new RegExp(`^Line 2: service ${SERVICE_ID}: `));
    expect(message).toContain(expected);
  });

  it.each<[string, object | string, string]>([
    [
      'an array instead of an object',
      '[]',
      'metadata: Client metadata did not parse as valid JSON: it is JSON, but not',
    ],
    ['invalid JSON', '{', '(json-syntax)'],
    ['a repeated member', '{"client_name":"a","client_name":"b"}', '(json-duplicate-member)'],
    ['leading whitespace', ' {"client_name":"a"}', 'metadata must be JSON without whitespace'],
    ['the member __proto__', '{"__proto__":{"client_name":"a"}}', '(json-forbidden-member)'],
    ['a client ID', { client_id: '6' }, 'metadata.client_id is issued by the server'],
    ['a client secret', { client_secret: 'x' }, 'metadata.client_secret is issued by the server'],
    ['a token', { registration_access_token: 'x' }, 'metadata.registration_access_token is issued by the server'],
    ['an unknown constant', { token_endpoint_auth_method: 'x' }, 'metadata.token_endpoint_auth_method: "x" is not'],
    ['a number in a list', { grant_types: [5] }, 'metadata.grant_types[0]: '],
    ['an unknown grant type', { grant_types: ['nonsense'] }, 'metadata.grant_types[0]: "nonsense" is not supported'],
    ['a string instead of a list', { grant_types: 'authorization_code' }, 'metadata.grant_types: '],
    ['objects in a list', { redirect_uris: [{}] }, 'metadata.redirect_uris[0]: '],
    ['a string instead of redirect URIs', { redirect_uris: 'x' }, 'metadata.redirect_uris: '],
    ['a URI that browsers execute', { redirect_uris: ['javascript:alert(1)'] }, 'metadata.redirect_uris[0]: '],
    [
      'too many redirect URIs',
      { redirect_uris: Array.from({ length: 101 }, (_each, i) => `https://a.example/${i}`) },
      'metadata.redirect_uris: has 101 entries',
    ],
    ['a name that is not a string', { client_name: 5 }, 'metadata.client_name: '],
    ['a name with NUL', { client_name: 'a\0b' }, 'metadata.client_name: has the control character U+0000'],
    ['a name with half of a surrogate pair', { client_name: 'a\ud800' }, 'metadata.client_name: has half'],
    [
      'a name that changes the direction',
      { client_name: 'a\u202eb' },
      'metadata.client_name: has the character U+202E',
    ],
    ['a tagged name that is not a string', { 'client_name#ja': 5 }, 'metadata.client_name#ja: '],
    ['a name with an empty tag', { 'client_name#': 'x' }, 'metadata.client_name#: '],
    ['a software ID that is not a string', { software_id: 5 }, 'metadata.software_id: '],
    ['a statement that is not a string', { software_statement: {} }, 'metadata.software_statement has a value'],
    ['members that exclude each other', { jwks: JWKS, jwks_uri: 'https://a.example/jwks' }, '(keys-one-source)'],
    ['null', { client_name: null }, 'metadata.client_name has a value'],
    ['a list of alternatives', { token_endpoint_auth_methods_supported: ['none'] }, 'has a value that a registration'],
    ['a custom member with NUL', { team: { name: '\0' } }, 'metadata.team.name: has the control character'],
    ['a custom member with a long name', { ['x'.repeat(201)]: 1 }, 'has a value that a registration would not store'],
    ['too much text', { team: 'x'.repeat(8 * 65_536) }, '(json-size)'],
    ['more than 32 levels', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'more than 32 levels'],
  ])('rejects a client whose metadata contain %s', async (_what, metadata, expected) => {
    const message = await rejection([serviceRecord(), clientRecord(metadata)]);

    expect(message).toMatch(/^Line 3: client 5: /);
    expect(message).toContain(expected);
    expect(await database.read({ sql: 'SELECT client_id FROM client', values: [] })).toEqual([]);
  });

  it.each<[string, string, object | string, string]>([
    ['an array', 'identifiers', '[]', 'identifiers must be a JSON object'],
    ['a number', 'identifiers', { alias: 5 }, 'identifiers.alias has a value'],
    ['an unknown member', 'identifiers', { other: 'x' }, 'identifiers has an unknown member other'],
    ['invalid JSON', 'administration', '{', 'administration must be JSON'],
    ['whitespace', 'administration', '{ "locked":true}', 'administration must be JSON without whitespace'],
    ['a repeated member', 'administration', '{"locked":true,"locked":false}', 'repeated members'],
    ['the member constructor', 'administration', '{"constructor":{}}', 'a member constructor'],
    ['a value that is not a boolean', 'administration', { locked: 'no' }, 'administration.locked must be a boolean'],
    ['a value that is not a list', 'administration', { requestableScopes: 'a' }, 'requestableScopes must be an array'],
    ['objects in a list', 'administration', { resources: [{}] }, 'each value in resources must be a string'],
    ['an incomplete attribute', 'administration', { attributes: [{ key: 'a' }] }, 'value must be'],
    ['null as an attribute', 'administration', { attributes: [null] }, 'attributes'],
    ['a time that is not a number', 'administration', { expiresAt: 'x' }, 'expiresAt must be'],
    ['notes that are too long', 'administration', { notes: 'x'.repeat(2001) }, 'notes must be shorter'],
    [
      'too much text',
      'administration',
      { attributes: Array.from({ length: 70 }, () => ({ key: 'a', value: 'x'.repeat(2000) })) },
      'at most 131072 are possible',
    ],
    ['notes with NUL', 'administration', { notes: '\0' }, 'notes: has the control character'],
    ['an unknown property', 'administration', { other: 1 }, 'administration has an unknown member other'],
    ['an alias at the wrong place', 'administration', { clientIdAlias: 'a' }, 'unknown member clientIdAlias'],
    ['notes at the wrong place', 'administration', { properties: { notes: 'x' } }, 'must not have a member notes'],
    ['an unknown plane', 'registration', { plane: 'x' }, 'registration.plane has a value'],
    ['an ID that is no number', 'registration', { initialAccessTokenId: {} }, 'initialAccessTokenId has a value'],
    ['an ID that is too large', 'registration', { initialAccessTokenId: 2 ** 53 }, 'initialAccessTokenId has a value'],
    ['an issuer that is no text', 'registration', { statementIssuer: 5 }, 'registration.statementIssuer has a value'],
    ['digests without secrets', 'secret_digests', '[]', 'secrets and secret_digests must both be null or neither'],
    ['an unknown source', 'source', 'import', 'source must be one of static, dynamic, document'],
  ])('rejects a client with %s in %s', async (_what, column, value, expected) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const message = await rejection([serviceRecord(), clientRecord({}, { [column]: text })]);

    expect(message).toMatch(/^Line 3: client 5: /);
    expect(message).toContain(expected);
  });

  it.each([
    ['client_id', { client_id: 0 }, 'client_id must be a whole number, 1 or more'],
    ['version', { version: 0 }, 'version must be a whole number from 1 to 2147483647'],
    ['version', { version: TOO_LARGE }, 'version must be a whole number from 1 to 2147483647'],
    ['update_count', { update_count: -1 }, 'update_count must be a whole number from 0 to 2147483647'],
    ['update_count', { update_count: TOO_LARGE }, 'update_count must be a whole number from 0 to 2147483647'],
    ['update_day', { update_day: 1_000_000 }, 'update_day must be at most one day after'],
    ['last_used_at', { last_used_at: TOO_LARGE }, 'last_used_at must be at most one day after'],
    ['unused_since', { unused_since: TOO_LARGE }, 'unused_since must be null or at most one day after'],
    ['created_at', { created_at: CREATED_AT + 1 }, 'created_at must be at most modified_at'],
    [
      'previous_token_until',
      { previous_token_hash: HASH, previous_token_until: TOO_LARGE },
      'previous_token_until must be at most 31 days after',
    ],
    ['identifiers', { identifiers: `{"alias":"${'x'.repeat(2049)}"}` }, 'identifiers.alias has a value'],
    ['identifiers', { identifiers: '{"canonical":"5"}' }, 'identifiers.canonical has a value'],
    ['identifiers', { identifiers: '{"alias":"resolve"}' }, 'identifiers.alias has a value'],
    [
      'secret_digests',
      { secrets: `${'A'.repeat(8)}.x`, secret_digests: JSON.stringify(Array(11).fill({ createdAt: 1 })) },
      'secret_digests must be a list of at most 10 elements',
    ],
    [
      'registration_access_token_hash',
      { registration_access_token_hash: 'x' },
      'registration_access_token_hash must be null or a SHA-256',
    ],
    ['previous_token_hash', { previous_token_hash: HASH }, 'must both be null or neither'],
    ['service_id', { service_id: OTHER_SERVICE_ID }, 'a record of client has an unknown column'],
    ['created_at', { created_at: 32_503_680_000_000 }, 'created_at must be at most one day after'],
    ['locked', { locked: 0 }, 'a record of client has an unknown column'],
    ['search_hash', { search_hash: HASH }, 'a record of client has an unknown column'],
    [
      'secret_digests',
      { secrets: `${'A'.repeat(8)}.x`, secret_digests: '[{"sha256":"x","createdAt":1}]' },
      'secret_digests.sha256 has a value that is not accepted',
    ],
  ])('rejects a client with an invalid or unknown column %s', async (_what, columns, expected) => {
    expect(await rejection([serviceRecord(), clientRecord({}, columns)])).toContain(expected);
  });

  it('rejects a client with an identifier of another one, also if the import is repeated', async () => {
    const clients = [5, 6, 7].map((clientId) =>
      clientRecord({}, { client_id: clientId, identifiers: `{"alias":"${clientId === 5 ? 'a' : 'b'}"}` }),
    );

    for (const _import of [1, 2])
      expect(await rejection([serviceRecord(), ...clients, chainRecord()])).toMatch(
        /^The client 7 has the same identifier as another client, /,
      );
    const leftover = `INSERT INTO client_identifier (service_id, identifier_hash, client_id) VALUES ($1, $2, 4)`;
    await database.write({ sql: leftover, values: [SERVICE_ID, hashToken('a')] });
    const records = [serviceRecord(), ...clients.slice(0, 2), chainRecord()];
    expect(await rejection(records)).toMatch(
      /^The client 5 has .* --start-over deletes the rows of an unfinished import\.$/,
    );
    await importText(fileOf(records), { startOver: true });
  });

  it.each<[string, object | string, string]>([
    ['invalid JSON', '{', 'body must be JSON'],
    ['no object', '5', 'body must be a JSON object'],
    ['the service ID of another service', { serviceId: String(OTHER_SERVICE_ID) }, 'body must have the service ID'],
    ['another number', { sequence: 2 }, 'body must have the service ID and the sequence of the record'],
    ['no subject', { subject: null }, 'body.subject has a value that is not accepted'],
    ['a subject without an ID', { subject: { type: 'client' } }, 'body.subject must have a member id'],
    ['a subject of another type', { subject: { type: 'x', id: '1' } }, 'body.subject.type has a value'],
    ['an unknown action', { action: '\u001b]0;x\u0007' }, 'body.action has a value that is not accepted'],
    ['an actor without a type', { actor: {} }, 'body.actor.type has a value that is not accepted'],
    ['an actor of another type', { actor: { type: 'toString' } }, 'body.actor.type has a value that is not accepted'],
    ['an actor with a wrong ID', { actor: { type: 'api_access_token', id: 5 } }, 'body.actor.id has a value'],
    ['a time in the future', { at: 1e15 }, 'body.at must be at most one day after the time of the import'],
    ['a time that is no date', { at: TOO_LARGE }, 'body.at has a value that is not accepted'],
    ['differences that are no list', { differences: {} }, 'body.differences has a value that is not accepted'],
    ['null as a difference', { differences: [null] }, 'body.differences[0] must be a JSON object'],
    ['a difference without a member', { differences: [{ after: 1 }] }, 'body.differences[0] must have a member member'],
    ['an ID of a request that is no text', { requestId: {} }, 'body.requestId has a value that is not accepted'],
    ['an unknown member', { other: 1 }, 'body has an unknown member other'],
  ])('rejects an entry of the log whose body has %s', async (_what, body, expected) => {
    const message = await rejection([serviceRecord(), chainRecord(), entryRecord(body)]);

    expect(message).toMatch(/^Line 4: audit_entry 1: /);
    expect(message).toContain(expected);
  });

  it.each([
    ['change', '5', 'change must be a JSON object'],
    ['change', '{"action":"store.restored","actor":{"type":"system"}}', 'change must have a member subject'],
    ['document_before', '{', 'document_before must be JSON'],
    ['document_after', '[]', 'document_after must be a JSON object'],
    ['mac', 'x', 'mac must be a SHA-256 hash'],
    ['version', TOO_LARGE, 'version must be a whole number from 0 to 2147483647'],
    ['at', TOO_LARGE, 'at must be at most one day after'],
  ])('rejects a pending change with an invalid %s', async (column, value, expected) => {
    const message = await rejection([serviceRecord(), chainRecord(), pendingRecord({ [column]: value })]);

    expect(message).toMatch(/^Line 4: audit_pending/);
    expect(message).toContain(expected);
  });

  it.each<[string, () => readonly FileRecord[], string]>([
    ['no chain', () => [], 'must contain one record of audit_chain'],
    ['two chains', () => [chainRecord(), chainRecord()], 'must contain one record of audit_chain'],
    ['a chain with fewer entries', () => [chainRecord({ sequence: 5 })], 'is not as a server wrote it'],
    ['a chain with another number of clients', () => [chainRecord({ clients: 5 })], 'is not as a server wrote it'],
    ['a chain of another service', () => [chainRecord({}, OTHER_SERVICE_ID)], 'chain_key cannot be decrypted'],
    [
      'a chain with a key that is missing',
      () => [chainRecord({ chain_key: new SecretEncryption([randomBytes(32)]).encrypt('x', 'x') })],
      'encrypted with a key that ENCRYPTION_KEY does not contain',
    ],
  ])('rejects a log with %s', async (_what, chains, expected) => {
    expect(await rejection([serviceRecord(), tokenRecord(), ...chains()])).toContain(expected);
    const chainsOfService = { sql: 'SELECT epoch FROM audit_chain WHERE service_id = $1', values: [SERVICE_ID] };
    expect(await database.read(chainsOfService)).toEqual([]);
  });

  it('rejects entries that remain of an unfinished import of another file', async () => {
    await rejection([serviceRecord(), chainRecord({ sequence: 1 }), entryRecord()]);

    expect(await rejection([serviceRecord(), chainRecord()])).toContain('it has other records of audit_entry');
  });

  it('is refused while the previous service with the ID is being deleted', async () => {
    const execute = (sql: string) => database.write({ sql, values: [] });
    await execute(`INSERT INTO deleted_service (service_id, deleted_at) VALUES (${SERVICE_ID}, 1)`);
    const message = await rejection([serviceRecord(), chainRecord()]);
    await execute('DELETE FROM deleted_service');

    expect(message).toMatch(/is still being deleted .* Nothing was changed\.$/);
  });

  it('gives the log of every import another epoch, and notes the import in it', async () => {
    const epochs = [];
    for (const _import of [1, 2]) {
      await database.write({ sql: 'DELETE FROM service WHERE service_id = $1', values: [SERVICE_ID] });
      await importText(fileOf([serviceRecord(), chainRecord()]), { startOver: true });
      const [chain] = await database.read({
        sql: 'SELECT epoch FROM audit_chain WHERE service_id = $1',
        values: [SERVICE_ID],
      });
      epochs.push(chain?.epoch);
      const pending = await database.read({
        sql: 'SELECT change FROM audit_pending WHERE service_id = $1',
        values: [SERVICE_ID],
      });
      expect(pending.map(({ change }) => (JSON.parse(String(change)) as { action: string }).action)).toEqual([
        'service.imported',
      ]);
    }
    expect(new Set([1, ...epochs]).size).toBe(3);
  });

  it.each(['["ROOT"]', '["constructor"]', '[]', '"ADMIN"', 'ADMIN', '{}'])(
    'rejects an API access token with the access rights %s',
    async (rights) => {
      for (const kind of ['api_access_token', 'api_access_token_of_all_services']) {
        const message = await rejection([serviceRecord(), tokenRecord({ access_rights: rights }, kind)]);
        expect(message).toMatch(new RegExp(`^Line 3: ${kind}: access_rights must be `));
      }
    },
  );

  it('rejects a token for all services in a record of a token for one service', async () => {
    expect(await rejection([serviceRecord(), tokenRecord({ service_id: null })])).toBe(
      'Line 3: a record of api_access_token has an unknown column.',
    );
    await importText(fileOf([serviceRecord(), tokenRecord(), chainRecord()]));
    expect(new Set(await serviceIdsOfTokens())).toEqual(new Set([OTHER_SERVICE_ID, SERVICE_ID]));
  });

  it.each([
    ['service', [{ ...serviceRecord(), row: { ...serviceRecord().row, version: TOO_LARGE } }], 'version must be'],
    [
      'idempotent_registration',
      [serviceRecord(), responseRecord({ expires_at: TOO_LARGE })],
      'expires_at must be at most 2 days after',
    ],
    ...['', '"一\r\nSet-Cookie: a=b"', 'W/"5.1.1.1.complete"', '"5.1.1.1.complete"\n'].map(
      (tag): [string, readonly FileRecord[], string] => [
        'idempotent_registration',
        [serviceRecord(), responseRecord({ entity_tag: tag })],
        'entity_tag must be an entity tag of a client',
      ],
    ),
  ])('rejects a %s with a value that no server stores', async (_what, records, expected) => {
    expect(await rejection(records)).toContain(expected);
  });

  it.each<[string, () => FileRecord, string]>([
    [
      'a client',
      () => clientRecord({}, { secrets: `${encryption.currentKeyId}.AAAA`, secret_digests: '[]' }),
      'client 5: secrets cannot be decrypted, because it was changed or is of another row',
    ],
    [
      'another client',
      () => clientRecord({}, { secrets: secretsOf(6), secret_digests: '[]' }),
      'client 5: secrets cannot be decrypted, because it was changed or is of another row',
    ],
    [
      'a repeated response',
      () => responseRecord({ response: encryption.encrypt('{}', 'client') }),
      'idempotent_registration: response cannot be decrypted, because it was changed or is of another row',
    ],
    [
      'a missing key',
      () => responseRecord({ response: '\u001b.x' }),
      'idempotent_registration: response was encrypted with a key that ENCRYPTION_KEY does not contain',
    ],
  ])('rejects a damaged or foreign ciphertext: %s', async (_what, record, expected) => {
    expect(await rejection([serviceRecord(), record(), chainRecord()])).toBe(`Line 3: ${expected}.`);
  });

  it.each([
    ['uses', { uses: 0, uses_left: 0 }, 'uses must not be less than 1'],
    ['uses_left', { uses_left: 4 }, 'uses_left must be at most uses'],
    ['expires_at', { expires_at: CREATED_AT * 2 }, 'expiresIn must not be greater than'],
    ['label', { label: 'x'.repeat(201) }, 'label must be shorter than'],
    ['token_hash', { token_hash: 'x' }, 'token_hash must be a SHA-256 hash'],
  ])('rejects an initial access token with an invalid %s', async (_what, columns, expected) => {
    const message = await rejection([serviceRecord(), initialAccessTokenRecord(columns)]);

    expect(message).toMatch(/^Line 3: initial_access_token 7: /);
    expect(message).toContain(expected);
  });

  it.each([
    ['serviceId', { serviceId: 0 }],
    ['encryptionKeys', { encryptionKeys: [5] }],
    ['schemaVersion', { schemaVersion: -1 }],
  ])('rejects a header with an invalid %s', async (_what, header) => {
    expect(await rejection([serviceRecord()], header)).toBe('Line 1: the header is damaged.');
  });

  describe('an import that fails', () => {
    const ALL_SERVICES = 'api_access_token_of_all_services';
    const withTokens = [serviceRecord(), tokenRecord(), tokenRecord({}, ALL_SERVICES), clientRecord(), chainRecord()];
    const hashes = async () => (await storedTokens()).map(({ token_hash: hash }) => hash);
    const otherServiceOnly = [hashToken('other service')];

    it('stores no token if the file is truncated', async () => {
      const cut = fileOf(withTokens).split('\n').slice(0, -2).join('\n');

      await expect(importText(`${cut}\n`)).rejects.toThrow('The file is incomplete');

      expect(await hashes()).toEqual(otherServiceOnly);
    });

    it('stores no token if rows of another file remain, and succeeds with startOver', async () => {
      await database.write({
        sql: `INSERT INTO client (service_id, client_id, version, created_at, modified_at, metadata, locked, source, last_used_at,
            update_day, update_count, search_hash)
          VALUES ($1, 9, 1, 1, 1, '{}', 0, 'dynamic', 0, 0, 0, '')`,
        values: [SERVICE_ID],
      });

      await expect(importText(fileOf(withTokens))).rejects.toThrow('of an unfinished import of another file');
      expect(await hashes()).toEqual(otherServiceOnly);

      await importText(fileOf(withTokens), { startOver: true });
      expect(new Set(await hashes())).toEqual(new Set([...otherServiceOnly, ...withTokens.slice(1, 3).map(hashIn)]));
      expect(await importText(fileOf(withTokens))).toMatchObject({ already: true });
    });

    it.each([
      [
        'the service',
        'INSERT INTO service (service_id, version, created_at, modified_at, properties) VALUES ($1, 1, 1, 1, $2)',
      ],
      [
        'a token',
        "INSERT INTO api_access_token (service_id, access_rights, created_at, created_by, token_hash) VALUES ($1, '[\"ADMIN\"]', 1, '{}', $2)",
      ],
    ])('stores no token if another process stores %s just before the import does', async (what, sql) => {
      const insertFirst = { sql, values: [SERVICE_ID, what === 'a token' ? hashToken('api_access_token') : '{}'] };
      const racing = Object.create(database) as Database;
      racing.write = async (...statements) => {
        if (statements.some((statement) => statement.sql.includes('INTO service '))) await database.write(insertFirst);
        return database.write(...statements);
      };

      await expect(importText(fileOf(withTokens), { into: racing })).rejects.toThrow(
        'Nothing of the file can be used.',
      );

      const services = await listServices(database);
      expect(services.map(({ apiKey }) => apiKey)).toEqual(
        what === 'a token' ? [OTHER_SERVICE_ID] : [OTHER_SERVICE_ID, SERVICE_ID],
      );
      expect(await hashes()).not.toContain(hashToken(ALL_SERVICES));
    });

    it('deletes remaining rows of its service with startOver, but no token for all services', async () => {
      const insertToken = (hash: string, serviceId: number | undefined) =>
        new ApiAccessTokenStore(database, new PendingChanges(keys)).insert(
          { tokenHash: hash, serviceId, accessRights: ['ADMIN'], createdAt: Date.now() },
          SYSTEM,
        );
      await database.write(newChain(SERVICE_ID, encryption).statement);
      await insertToken(hashToken('left'), SERVICE_ID);
      await insertToken(hashToken('of all'), undefined);
      const startOver = () =>
        expect(importText(fileOf([serviceRecord(), clientRecord('[]')]), { startOver: true })).rejects.toThrow(
          'Line 3',
        );

      await startOver();
      expect(new Set(await hashes())).toEqual(new Set([...otherServiceOnly, hashToken('of all')]));
    });
  });

  it('accepts a token for all services that the store already contains', async () => {
    const token = tokenRecord({}, 'api_access_token_of_all_services');
    const other = everythingService(SERVICE_ID + 1, 1, CREATED_AT);
    await importText(fileOf([serviceRecord(), token, chainRecord()]));

    const records = [serviceRecord(other), token, chainRecord({}, other.apiKey)];
    await importText(fileOf(records, { serviceId: other.apiKey }));

    const services = await listServices(database);
    expect(services.map(({ apiKey }) => apiKey)).toEqual([OTHER_SERVICE_ID, SERVICE_ID, other.apiKey]);
  });
});
