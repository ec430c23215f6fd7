import { verifyLog, type VerifiedChain } from '../../src/audit/verify.ts';
import { listEntries } from '../../src/audit/list.ts';
import type { Entry } from '../../src/changes/entry.ts';
import { ChainKeys } from '../../src/changes/chains.ts';
import { Sealer } from '../../src/changes/sealer.ts';
import { SecretEncryption } from '../../src/crypto/secret-encryption.ts';
import { Database, type SqlSession } from '../../src/database/database.ts';
import { Metrics } from '../../src/observability/metrics.ts';
import { SERVICE_ID, type TestServer } from './server.ts';

/** The log of changes of a server. */
export interface TestLog {
  /** Seals all pending changes. From then on, the server itself seals nothing. */
  seal(): Promise<void>;
  /** Seals, and returns the entries of the service, or the changes of one client. */
  entries(clientId?: number): Promise<readonly Entry[]>;
  /** Seals, and returns the reads of the secret of a client. */
  secretReads(clientId: number): Promise<readonly Entry[]>;
  /** Verifies every chain without sealing; returns what was found. From then on, the server itself seals nothing. */
  problems(): Promise<readonly string[]>;
  chains(): Promise<readonly VerifiedChain[]>;
  /** Changes the store behind the server. */
  execute(sql: string, ...values: (string | number | null)[]): Promise<void>;
}

export function logOf({ app }: Pick<TestServer, 'app'>): TestLog {
  const database = app.get(Database);
  const session = sessionOf(database);
  const seal = async (): Promise<void> => {
    await app.get(Sealer).onModuleDestroy();
    // A new one, because a sealer leaves a damaged log alone for a while.
    const sealer = new Sealer(database, app.get(ChainKeys), new Metrics());
    while (await sealer.seal());
  };
  const entries = async (clientId?: number) => {
    await seal();
    const listed = await listEntries(session, { serviceId: SERVICE_ID, clientId, after: 0, limit: 10_000 });
    return listed.map((entry) => {
      if ('damage' in entry) throw new Error(entry.damage);
      return entry;
    });
  };
  const chains = async () => {
    // The queries of a verification must see one state.
    await app.get(Sealer).onModuleDestroy();
    return verifyLog(session, app.get(SecretEncryption));
  };
  return {
    seal,
    chains,
    entries: async (clientId) =>
      (await entries(clientId)).filter(({ subject }) => clientId === undefined || subject.type === 'client'),
    secretReads: async (clientId) => (await entries(clientId)).filter(({ action }) => action === 'client_secret.read'),
    problems: async () => (await chains()).flatMap(({ problems }) => problems),
    execute: async (sql, ...values) => {
      await database.write({ sql, values });
    },
  };
}

/** A session whose queries see different states if the database changes. */
export function sessionOf(database: Database): SqlSession {
  return {
    query: (sql, values = []) => database.read({ sql, values }),
    hasTable: () => Promise.resolve(true),
    expectPlaceFor: () => Promise.resolve(),
  };
}
