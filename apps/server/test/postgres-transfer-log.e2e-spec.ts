import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { verifyLog } from '../src/audit/verify.ts';
import { listEntries } from '../src/audit/list.ts';
import { createService } from '../src/administration/services/create-service.ts';
import { SYSTEM } from '../src/changes/change.ts';
import { ChainKeys } from '../src/changes/chains.ts';
import { PendingChanges } from '../src/changes/pending-changes.ts';
import { Sealer } from '../src/changes/sealer.ts';
import { ClientStore } from '../src/clients/client-store.ts';
import { Config } from '../src/config/config.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import type { Database } from '../src/database/database.ts';
import { connect } from '../src/database/open-database.ts';
import { Metrics } from '../src/observability/metrics.ts';
import { SCHEMA } from '../src/schema.ts';
import { CHANGE_STATE } from '../src/services/service-store.ts';
import { everythingService } from './support/everything-service.ts';
import { exportService } from '../src/transfer/export.ts';
import { importService, type Imported } from '../src/transfer/import.ts';
import { TransferReader } from '../src/transfer/transfer-file.ts';
import { aClient, nextOf } from './client-store.contract.ts';
import { sessionOf } from './support/audit.ts';
import { newKeptStore, type Engine } from './support/command.ts';
import type { NewStore } from './support/engine.ts';

const SERVICE_ID = 2222222222;

/** More changes than an export reads at once. */
const CLIENTS = 250;

/** A store with the parts of a server that write its log. */
interface OpenStore {
  readonly config: Config;
  readonly database: Database;
  readonly keys: ChainKeys;
  readonly clients: ClientStore;
  readonly seal: () => Promise<void>;
}

describe.each<[Engine, Engine]>([
  ['sqlite', 'postgresql'],
  ['postgresql', 'sqlite'],
])('the log of a service, moved from %s to %s', (from, to) => {
  const encryption = new SecretEncryption([randomBytes(32)]);
  const stores: NewStore[] = [];
  const databases: Database[] = [];
  let source: OpenStore;
  let target: OpenStore;

  const open = async (engine: Engine): Promise<OpenStore> => {
    const store = await newKeptStore(engine);
    stores.push(store);
    const config = Config.from(store.environment);
    const database = await connect(config);
    databases.push(database);
    await SCHEMA.migrate(database);
    const keys = new ChainKeys(database, encryption);
    const sealer = new Sealer(database, keys, new Metrics());
    const seal = async (): Promise<void> => {
      while (await sealer.seal());
    };
    return { config, database, keys, seal, clients: new ClientStore(database, encryption, new PendingChanges(keys)) };
  };

  const exported = async ({ config }: OpenStore): Promise<string> => {
    let text = '';
    const options = { serviceId: SERVICE_ID, allServiceTokens: false, onProgress: () => undefined };
    await exportService(config.database, SCHEMA, options, (part) => {
      text += part;
      return Promise.resolve();
    });
    return text;
  };

  const importInto = async ({ database }: OpenStore, text: string): Promise<Imported> => {
    const chunks = Readable.from([Buffer.from(text)]);
    const { header, reader } = await TransferReader.open(chunks, {
      schema: SCHEMA,
      allServiceTokens: false,
      encryption,
    });
    return importService(database, header, reader, {
      schema: SCHEMA,
      encryption,
      changeState: CHANGE_STATE,
      by: SYSTEM,
      startOver: false,
      onRecords: () => undefined,
    });
  };

  const verified = async ({ database }: OpenStore) => {
    const [chain] = await verifyLog(sessionOf(database), encryption, SERVICE_ID);
    return chain!;
  };

  beforeEach(async () => {
    source = await open(from);
    target = await open(to);
    await createService(
      { ...source, encryption },
      everythingService(SERVICE_ID, 1, Date.now()),
      { tokenHash: randomBytes(32).toString('base64url'), serviceId: SERVICE_ID, accessRights: ['ADMIN'] },
      SYSTEM,
    );
  });

  afterEach(async () => {
    for (const database of databases.splice(0)) await database.close();
    for (const store of stores.splice(0)) await store.drop();
  });

  it('is verified with its sealed and pending changes, and goes on in another epoch', async () => {
    const at = Date.now();
    const credentials = {
      secrets: [{ id: 1, value: 'a-secret', generated: true, createdAt: at }],
      registrationAccessToken: { hash: randomBytes(32).toString('base64url') },
    };
    const client = () => aClient({ serviceId: SERVICE_ID, createdAt: at, modifiedAt: at, credentials });
    const kept = { ...client(), identifiers: { alias: 'an-alias' }, administration: { locked: true } };
    const deleted = client();
    expect(await source.clients.insert(kept, SYSTEM)).toBe(true);
    await Promise.all(Array.from({ length: CLIENTS }, () => source.clients.insert(client(), SYSTEM)));
    expect(await source.clients.insert(deleted, SYSTEM)).toBe(true);
    await source.seal();
    // These changes are pending.
    const updated = nextOf(kept, { administration: { notes: 'n' } });
    expect(await source.clients.replace(kept, updated, SYSTEM)).toBe('replaced');
    expect(await source.clients.delete(deleted, SYSTEM)).toBe(true);
    const before = await verified(source);
    expect(before).toMatchObject({ entries: CLIENTS + 4, pending: 2, clients: CLIENTS + 1, problems: [] });
    const text = await exported(source);

    expect(await importInto(target, text)).toMatchObject({ already: false, counts: { audit_pending: 2 } });
    const after = await verified(target);
    expect(after).toEqual({ ...before, epoch: after.epoch, pending: 3 });
    expect(after.epoch).not.toBe(before.epoch);

    await target.seal();
    expect(await importInto(target, text)).toMatchObject({ already: true });
    expect(await verified(target)).toMatchObject({ entries: before.entries + 3, pending: 0, problems: [] });
    const found = (await target.clients.find(SERVICE_ID, kept.clientId))!;
    const next = { ...found, version: found.version + 1, modifiedAt: found.modifiedAt + 1, identifiers: {} };
    expect(await target.clients.replace(found, { ...next, document: found.document }, SYSTEM)).toBe('replaced');
    await target.seal();

    expect(await verified(target)).toMatchObject({ entries: before.entries + 4, pending: 0, problems: [] });
    const entries = await listEntries(sessionOf(target.database), {
      serviceId: SERVICE_ID,
      after: before.entries,
      limit: 9,
    });
    expect(entries).toMatchObject([
      { action: 'client.updated', epoch: after.epoch },
      { action: 'client.deleted', epoch: after.epoch },
      { action: 'service.imported', epoch: after.epoch },
      { action: 'client.updated', epoch: after.epoch },
    ]);
    const [chain] = await target.database.read({
      sql: 'SELECT clients FROM audit_chain WHERE service_id = $1',
      values: [SERVICE_ID],
    });
    expect(chain).toEqual({ clients: CLIENTS + 1 });
  });
});
