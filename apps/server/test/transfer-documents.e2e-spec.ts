import { Readable } from 'node:stream';
import { createHash, randomBytes } from 'node:crypto';
import { newService } from '../src/services/service.ts';
import { ApiAccessTokenStore } from '../src/access/api-access-token-store.ts';
import { createService } from '../src/administration/create-service.ts';
import { CHANGE_STATE, ServiceStore } from '../src/services/service-store.ts';
import type { Database } from '../src/database/database.ts';
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
    properties: JSON.stringify({ ...newService(SERVICE_ID, 1, CREATED_AT), ...changes }),
  },
});

const clientRecord = (properties: object | string = {}, columns: object = {}): FileRecord => ({
  kind: 'client',
  row: {
    client_id: 5,
    version: 1,
    created_at: CREATED_AT,
    modified_at: CREATED_AT,
    registration_access_token_hash: HASH,
    client_secret: null,
    properties:
      typeof properties === 'string' ? properties : JSON.stringify({ dynamicallyRegistered: true, ...properties }),
    previous_token_hash: null,
    previous_token_until: null,
    ...columns,
  },
});

const tokenRecord = (columns: object = {}, kind = 'api_access_token'): FileRecord => ({
  kind,
  row: { token_hash: hashToken(kind), access_rights: '["ADMIN"]', created_at: CREATED_AT, ...columns },
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
  const encryption = new SecretEncryption([randomBytes(32)]);
  let store: PersistentStore;
  let database: Database;

  beforeAll(async () => {
    store = await newPersistentStore();
    database = await store.open();
    await SCHEMA.migrate(database);
  });

  beforeEach(async () => {
    for (const table of ['service', 'client', 'api_access_token', 'initial_access_token'])
      await database.write({ sql: `DELETE FROM ${table}`, values: [] });
    const token = {
      tokenHash: hashToken('other service'),
      serviceId: OTHER_SERVICE_ID,
      accessRights: ['ADMIN'],
    } as const;
    await createService(database, newService(OTHER_SERVICE_ID, 1, CREATED_AT), token);
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
    const { header, reader } = await TransferReader.open(chunks, { schema: SCHEMA, allServiceTokens: true });
    return importService(into, header, reader, {
      schema: SCHEMA,
      encryption,
      changeState: CHANGE_STATE,
      startOver,
      onRecords: () => undefined,
    });
  };

  /** Imports invalid records, expects that the import changes no service or API access token, and returns the error message. */
  const rejection = async (records: readonly FileRecord[], header?: object): Promise<string> => {
    const error: unknown = await importText(fileOf(records, header)).catch((reason: unknown) => reason);
    const services = new ServiceStore(database);
    expect((await services.list()).map(({ apiKey }) => apiKey)).toEqual([OTHER_SERVICE_ID]);
    expect((await new ApiAccessTokenStore(database).list()).map(({ serviceId }) => serviceId)).toEqual([
      OTHER_SERVICE_ID,
    ]);
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
    const properties = {
      redirectUris: ['https://app.example/cb'],
      tokenAuthMethod: 'CLIENT_SECRET_BASIC',
      grantTypes: ['AUTHORIZATION_CODE'],
      clientName: 'A',
      clientNames: [{ tag: 'ja', value: 'あ' }],
      jwks: '{"keys":[]}',
      defaultMaxAge: 5,
      authTimeRequired: true,
      softwareId: 'software',
      extension: { requestableScopes: ['openid'], requestableScopesEnabled: false },
      locked: true,
      customMetadata: '{"team":{"name":"x"}}',
      initialAccessTokenId: 7,
      softwareStatement: 'a.b.c',
    };
    const text = fileOf([
      serviceRecord(settings),
      tokenRecord(),
      tokenRecord({}, 'api_access_token_of_all_services'),
      initialAccessTokenRecord({ label: 'Team' }),
      clientRecord(properties, { previous_token_hash: HASH, previous_token_until: CREATED_AT }),
    ]);

    expect(await importText(text)).toMatchObject({ already: false });
    expect(await importText(text)).toMatchObject({ already: true });
    expect(await new ServiceStore(database).find(SERVICE_ID)).toMatchObject(settings);
  });

  it('rejects a service whose ID differs from the ID in the header', async () => {
    expect(await rejection([serviceRecord({ apiKey: OTHER_SERVICE_ID })])).toBe(
      `Line 2: service ${SERVICE_ID}: properties.apiKey must be ${SERVICE_ID}, as in the header.`,
    );
  });

  it.each([
    ['a number', { number: 'x' }, 'properties.number must be a whole number, 0 or more'],
    ['a boolean', { initialAccessTokenRequired: 'no' }, 'initialAccessTokenRequired must be a boolean'],
    ['a URL', { issuer: 'javascript:alert(1)' }, 'issuer must be a URL'],
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
    ['the member constructor', { serverMetadata: { constructor: 1 } }, 'must not have a member constructor'],
  ])('rejects a service with an invalid setting: %s', async (_what, changes, expected) => {
    const message = await rejection([serviceRecord(changes)]);

    expect(message).toMatch(new RegExp(`^Line 2: service ${SERVICE_ID}: `));
    expect(message).toContain(expected);
  });

  it.each<[string, object | string, string]>([
    ['an array instead of an object', '[]', 'properties must be a JSON object'],
    ['invalid JSON', '{', 'properties must be JSON'],
    ['a repeated member', '{"dynamicallyRegistered":true,"dynamicallyRegistered":false}', 'repeated members'],
    ['leading whitespace', ' {"dynamicallyRegistered":true}', 'properties must be JSON without whitespace'],
    ['no member', '{}', 'properties.dynamicallyRegistered is missing'],
    ['the member __proto__', '{"dynamicallyRegistered":true,"__proto__":{"locked":false}}', 'a member __proto__'],
    ['a client ID', { clientId: 6 }, 'properties.clientId is no property of client metadata'],
    ['a client secret', { clientSecret: 'x' }, 'properties.clientSecret is no property of client metadata'],
    ['an ID that is not a number', { initialAccessTokenId: { a: 1 } }, 'properties.initialAccessTokenId has a value'],
    ['an ID that is too large', { initialAccessTokenId: 2 ** 53 }, 'properties.initialAccessTokenId has a value'],
    ['a value of locked that is not a boolean', { locked: 'no' }, 'properties.locked has a value'],
    ['an unknown constant', { tokenAuthMethod: 'X' }, 'properties.tokenAuthMethod has a value'],
    ['a number in a list', { grantTypes: [5] }, 'properties.grantTypes has a value'],
    ['a string instead of a list', { grantTypes: 'AUTHORIZATION_CODE' }, 'properties.grantTypes has a value'],
    ['objects in a list', { redirectUris: [{}] }, 'properties.redirectUris has a value'],
    ['keys that are not JSON', { jwks: 'x' }, 'properties.jwks has a value'],
    ['a software ID that is not a string', { softwareId: 5 }, 'properties.softwareId must be a text'],
    ['more than 100 levels', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'more than 100 levels'],
    ['null', { clientName: null }, 'properties.clientName is no property of client metadata'],
    ['an extension that is not an object', { extension: 5 }, 'properties.extension must be an object'],
    [
      'an unknown member of the extension',
      { extension: { x: 1 } },
      'properties.extension.x is no property of client metadata',
    ],
    ['custom metadata that is not an object', { customMetadata: '[]' }, 'properties.customMetadata has a value'],
  ])('rejects a client whose properties contain %s', async (_what, properties, expected) => {
    const message = await rejection([serviceRecord(), clientRecord(properties)]);

    expect(message).toMatch(/^Line 3: client 5: /);
    expect(message).toContain(expected);
    expect(await database.read({ sql: 'SELECT client_id FROM client', values: [] })).toEqual([]);
  });

  it.each([
    ['client_id', { client_id: 0 }, 'client_id must be a whole number, 1 or more'],
    ['version', { version: -1 }, 'version must be a whole number, 1 or more'],
    [
      'registration_access_token_hash',
      { registration_access_token_hash: 'x' },
      'registration_access_token_hash must be null or a SHA-256',
    ],
    ['previous_token_hash', { previous_token_hash: HASH }, 'must both be null or neither'],
    ['service_id', { service_id: OTHER_SERVICE_ID }, 'a record of client has an unknown column'],
    ['locked', { locked: 0 }, 'a record of client has an unknown column'],
  ])('rejects a client with an invalid or unknown column %s', async (_what, columns, expected) => {
    expect(await rejection([serviceRecord(), clientRecord({}, columns)])).toContain(expected);
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
    await importText(fileOf([serviceRecord(), tokenRecord()]));
    const tokens = await new ApiAccessTokenStore(database).list();
    expect(new Set(tokens.map(({ serviceId }) => serviceId))).toEqual(new Set([OTHER_SERVICE_ID, SERVICE_ID]));
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
    const withTokens = [serviceRecord(), tokenRecord(), tokenRecord({}, ALL_SERVICES), clientRecord()];
    const hashes = async () => (await new ApiAccessTokenStore(database).list()).map(({ tokenHash }) => tokenHash);
    const otherServiceOnly = [hashToken('other service')];

    it('stores no token if the file is truncated', async () => {
      const cut = fileOf(withTokens).split('\n').slice(0, -2).join('\n');

      await expect(importText(`${cut}\n`)).rejects.toThrow('The file is incomplete');

      expect(await hashes()).toEqual(otherServiceOnly);
    });

    it('stores no token if rows of another file remain, and succeeds with startOver', async () => {
      await database.write({
        sql: `INSERT INTO client
          (service_id, client_id, version, created_at, modified_at, properties, dynamically_registered, locked)
          VALUES ($1, 9, 1, 1, 1, '{}', 0, 0)`,
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
        'INSERT INTO api_access_token (service_id, access_rights, created_at, token_hash) VALUES ($1, \'["ADMIN"]\', 1, $2)',
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

      const services = await new ServiceStore(database).list();
      expect(services.map(({ apiKey }) => apiKey)).toEqual(
        what === 'a token' ? [OTHER_SERVICE_ID] : [OTHER_SERVICE_ID, SERVICE_ID],
      );
      expect(await hashes()).not.toContain(hashToken(ALL_SERVICES));
    });

    it('deletes remaining rows of its service with startOver, but no token for all services', async () => {
      const insertToken = (hash: string, serviceId: number | undefined) =>
        new ApiAccessTokenStore(database).insert({ tokenHash: hash, serviceId, accessRights: ['ADMIN'], createdAt: 1 });
      await insertToken(hashToken('left'), SERVICE_ID);
      await insertToken(hashToken('of all'), undefined);
      const startOver = () =>
        expect(importText(fileOf([serviceRecord(), clientRecord('{}')]), { startOver: true })).rejects.toThrow(
          'Line 3',
        );

      await startOver();
      expect(new Set(await hashes())).toEqual(new Set([...otherServiceOnly, hashToken('of all')]));
    });
  });

  it('accepts a token for all services that the store already contains', async () => {
    const token = tokenRecord({}, 'api_access_token_of_all_services');
    const other = newService(SERVICE_ID + 1, 1, CREATED_AT);
    await importText(fileOf([serviceRecord(), token]));

    await importText(fileOf([serviceRecord(other), token], { serviceId: other.apiKey }));

    const services = await new ServiceStore(database).list();
    expect(services.map(({ apiKey }) => apiKey)).toEqual([OTHER_SERVICE_ID, SERVICE_ID, other.apiKey]);
  });
});
