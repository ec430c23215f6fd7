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
import { newPersistentStore, type PersistentStore } from './support/engine.ts';

const VICTIM = 1111111111;
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

/** An export with these records, its counts and checksum right. */
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

describe('what an imported file may hold', () => {
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
    const token = { tokenHash: hashToken('victim'), serviceId: VICTIM, accessRights: ['ADMIN'] } as const;
    await createService(database, newService(VICTIM, 1, CREATED_AT), token);
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

  /** The message that refuses a file with these records. Nothing of the file is kept, and no other service is changed. */
  const refusal = async (records: readonly FileRecord[], header?: object): Promise<string> => {
    const error: unknown = await importText(fileOf(records, header)).catch((reason: unknown) => reason);
    const services = new ServiceStore(database);
    expect((await services.list()).map(({ apiKey }) => apiKey)).toEqual([VICTIM]);
    expect((await new ApiAccessTokenStore(database).list()).map(({ serviceId }) => serviceId)).toEqual([VICTIM]);
    expect(error).toMatchObject({ name: 'TransferError' });
    return (error as Error).message;
  };

  it('is a service that the API could have made, with clients and tokens', async () => {
    const settings = {
      supportedScopes: [{ name: 'openid', defaultEntry: true }],
      supportedCustomClientMetadata: ['team'],
      serverMetadata: { some_member: { deep: [1, 'x'] } },
      softwareStatementIssuers: [
        { issuer: 'https://i.example', jwks: { keys: [{ kty: 'EC' }] }, algorithms: ['ES256'] },
      ],
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

  it('is no service with the ID of another one', async () => {
    expect(await refusal([serviceRecord({ apiKey: VICTIM })])).toBe(
      `Line 2: service ${SERVICE_ID}: properties.apiKey must be ${SERVICE_ID}, as in the header.`,
    );
  });

  it.each([
    ['number', { number: 'x' }, 'properties.number must be a whole number, 0 or more'],
    ['a flag', { initialAccessTokenRequired: 'no' }, 'initialAccessTokenRequired must be a boolean'],
    ['a URL', { issuer: 'javascript:alert(1)' }, 'issuer must be a URL'],
    ['a list', { supportedScopes: [{ name: 'a b' }] }, 'name must be a scope token'],
    ['an unknown setting', { isAdmin: true }, 'properties has an unknown member isAdmin'],
    [
      'an unknown member inside',
      { supportedScopes: [{ name: 'a', defaultEntry: false, x: 1 }] },
      'properties.supportedScopes[0] has an unknown member x',
    ],
    [
      'a reserved name',
      { supportedCustomClientMetadata: ['client_id'] },
      'properties.supportedCustomClientMetadata must not hold client_id',
    ],
    ['a name of JavaScript', { serverMetadata: { constructor: 1 } }, 'must not have a member constructor'],
  ])('is no service with settings that the API refuses: %s', async (_what, changes, expected) => {
    const message = await refusal([serviceRecord(changes)]);

    expect(message).toMatch(new RegExp(`^Line 2: service ${SERVICE_ID}: `));
    expect(message).toContain(expected);
  });

  it.each<[string, object | string, string]>([
    ['no object', '[]', 'properties must be a JSON object'],
    ['no JSON', '{', 'properties must be JSON'],
    ['a member twice', '{"dynamicallyRegistered":true,"dynamicallyRegistered":false}', 'repeated members'],
    ['whitespace before it', ' {"dynamicallyRegistered":true}', 'properties must be JSON without whitespace'],
    ['nothing', '{}', 'properties.dynamicallyRegistered is missing'],
    ['a name of JavaScript', '{"dynamicallyRegistered":true,"__proto__":{"locked":false}}', 'a member __proto__'],
    ['a client ID', { clientId: 6 }, 'properties.clientId is no property of client metadata'],
    ['a client secret', { clientSecret: 'x' }, 'properties.clientSecret is no property of client metadata'],
    ['an ID that is no number', { initialAccessTokenId: { a: 1 } }, 'properties.initialAccessTokenId has a value'],
    ['an ID that is too large', { initialAccessTokenId: 2 ** 53 }, 'properties.initialAccessTokenId has a value'],
    ['a lock that is no boolean', { locked: 'no' }, 'properties.locked has a value'],
    ['an unknown constant', { tokenAuthMethod: 'X' }, 'properties.tokenAuthMethod has a value'],
    ['a number in a list', { grantTypes: [5] }, 'properties.grantTypes has a value'],
    ['a text for a list', { grantTypes: 'AUTHORIZATION_CODE' }, 'properties.grantTypes has a value'],
    ['objects in a list', { redirectUris: [{}] }, 'properties.redirectUris has a value'],
    ['keys that are no JSON', { jwks: 'x' }, 'properties.jwks has a value'],
    ['a software ID that is no text', { softwareId: 5 }, 'properties.softwareId must be a text'],
    ['too many levels', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'more than 100 levels'],
    ['null', { clientName: null }, 'properties.clientName is no property of client metadata'],
    ['an extension that is no object', { extension: 5 }, 'properties.extension must be an object'],
    ['an unknown extension', { extension: { x: 1 } }, 'properties.extension.x is no property of client metadata'],
    ['custom metadata that is no object', { customMetadata: '[]' }, 'properties.customMetadata has a value'],
  ])('is no client whose document holds %s', async (_what, properties, expected) => {
    const message = await refusal([serviceRecord(), clientRecord(properties)]);

    expect(message).toMatch(/^Line 3: client 5: /);
    expect(message).toContain(expected);
    expect(await database.read({ sql: 'SELECT client_id FROM client', values: [] })).toEqual([]);
  });

  it.each([
    ['client_id', { client_id: 0 }, 'client_id must be a whole number, 1 or more'],
    ['version', { version: -1 }, 'version must be a whole number, 1 or more'],
    ['token hash', { registration_access_token_hash: 'x' }, 'registration_access_token_hash must be null or a SHA-256'],
    ['previous token', { previous_token_hash: HASH }, 'must both be null or neither'],
    ['service_id', { service_id: VICTIM }, 'a record of client has an unknown column'],
    ['locked', { locked: 0 }, 'a record of client has an unknown column'],
  ])('is no client with a wrong %s', async (_what, columns, expected) => {
    expect(await refusal([serviceRecord(), clientRecord({}, columns)])).toContain(expected);
  });

  it.each(['["ROOT"]', '["constructor"]', '[]', '"ADMIN"', 'ADMIN', '{}'])(
    'is no API access token with the access rights %s',
    async (rights) => {
      for (const kind of ['api_access_token', 'api_access_token_of_all_services']) {
        const message = await refusal([serviceRecord(), tokenRecord({ access_rights: rights }, kind)]);
        expect(message).toMatch(new RegExp(`^Line 3: ${kind}: access_rights must be `));
      }
    },
  );

  it('is no API access token of all services under another kind', async () => {
    expect(await refusal([serviceRecord(), tokenRecord({ service_id: null })])).toBe(
      'Line 3: a record of api_access_token has an unknown column.',
    );
    await importText(fileOf([serviceRecord(), tokenRecord()]));
    const tokens = await new ApiAccessTokenStore(database).list();
    expect(new Set(tokens.map(({ serviceId }) => serviceId))).toEqual(new Set([VICTIM, SERVICE_ID]));
  });

  it.each([
    ['uses', { uses: 0, uses_left: 0 }, 'uses must not be less than 1'],
    ['uses_left', { uses_left: 4 }, 'uses_left must be at most uses'],
    ['expires_at', { expires_at: CREATED_AT * 2 }, 'expiresIn must not be greater than'],
    ['label', { label: 'x'.repeat(201) }, 'label must be shorter than'],
    ['token_hash', { token_hash: 'x' }, 'token_hash must be a SHA-256 hash'],
  ])('is no initial access token with a wrong %s', async (_what, columns, expected) => {
    const message = await refusal([serviceRecord(), initialAccessTokenRecord(columns)]);

    expect(message).toMatch(/^Line 3: initial_access_token 7: /);
    expect(message).toContain(expected);
  });

  it.each([
    ['serviceId', { serviceId: 0 }],
    ['encryptionKeys', { encryptionKeys: [5] }],
    ['schemaVersion', { schemaVersion: -1 }],
  ])('begins with no wrong %s', async (_what, header) => {
    expect(await refusal([serviceRecord()], header)).toBe('Line 1: the header is damaged.');
  });

  describe('an import that fails', () => {
    const ALL_SERVICES = 'api_access_token_of_all_services';
    const withTokens = [serviceRecord(), tokenRecord(), tokenRecord({}, ALL_SERVICES), clientRecord()];
    const hashes = async () => (await new ApiAccessTokenStore(database).list()).map(({ tokenHash }) => tokenHash);
    const victimOnly = [hashToken('victim')];

    it('leaves no token when the file ends too early', async () => {
      const cut = fileOf(withTokens).split('\n').slice(0, -2).join('\n');

      await expect(importText(`${cut}\n`)).rejects.toThrow('The file is incomplete');

      expect(await hashes()).toEqual(victimOnly);
    });

    it('leaves no token when something of another file is there', async () => {
      await database.write({
        sql: `INSERT INTO client
          (service_id, client_id, version, created_at, modified_at, properties, dynamically_registered, locked)
          VALUES ($1, 9, 1, 1, 1, '{}', 0, 0)`,
        values: [SERVICE_ID],
      });

      await expect(importText(fileOf(withTokens))).rejects.toThrow('of an unfinished import of another file');
      expect(await hashes()).toEqual(victimOnly);

      await importText(fileOf(withTokens), { startOver: true });
      expect(new Set(await hashes())).toEqual(new Set([...victimOnly, ...withTokens.slice(1, 3).map(hashIn)]));
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
    ])('leaves no token when another process has stored %s in the last moment', async (what, sql) => {
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
      expect(services.map(({ apiKey }) => apiKey)).toEqual(what === 'a token' ? [VICTIM] : [VICTIM, SERVICE_ID]);
      expect(await hashes()).not.toContain(hashToken(ALL_SERVICES));
    });

    it('has left rows: --start-over deletes those of its service', async () => {
      const leave = (hash: string, serviceId: number | undefined) =>
        new ApiAccessTokenStore(database).insert({ tokenHash: hash, serviceId, accessRights: ['ADMIN'], createdAt: 1 });
      await leave(hashToken('left'), SERVICE_ID);
      await leave(hashToken('of all'), undefined);
      const startOver = () =>
        expect(importText(fileOf([serviceRecord(), clientRecord('{}')]), { startOver: true })).rejects.toThrow(
          'Line 3',
        );

      await startOver();
      expect(new Set(await hashes())).toEqual(new Set([...victimOnly, hashToken('of all')]));
    });
  });

  it('is a token of all services that is there already with another service of the same store', async () => {
    const token = tokenRecord({}, 'api_access_token_of_all_services');
    const other = newService(SERVICE_ID + 1, 1, CREATED_AT);
    await importText(fileOf([serviceRecord(), token]));

    await importText(fileOf([serviceRecord(other), token], { serviceId: other.apiKey }));

    const services = await new ServiceStore(database).list();
    expect(services.map(({ apiKey }) => apiKey)).toEqual([VICTIM, SERVICE_ID, other.apiKey]);
  });
});
