import { existsSync } from 'node:fs';
import type { Config } from '../../config/config.ts';
import { existingEncryptionKeys } from '../../crypto/encryption-key-file.ts';
import { ServiceStore } from '../../services/service-store.ts';
import type { Service } from '../../services/service.ts';
import type { SqlSession } from '../../database/database.ts';
import { missingKeys } from '../../database/encryption-keys.ts';
import type { SchemaStatus } from '../../database/schema.ts';
import { SecretEncryption } from '../../crypto/secret-encryption.ts';
import { readSnapshot } from '../../database/snapshot.ts';
import { SCHEMA } from '../../schema.ts';
import { describeFailure } from '../command-error.ts';
import { redactedDatabaseUrl } from '../database-url.ts';
import { SnapshotDatabase } from '../store.ts';
import { checkClockOf, checkNewest } from './clock.ts';
import { failed, ok, warning, type Finding } from './finding.ts';
import { checkJournal, checkPlace } from './sqlite.ts';
import { checkDurability } from './postgres.ts';

/** Milliseconds that the answer to one query is waited for. */
const RESPONSE_TIMEOUT = 5_000;

/** What was found in the store. */
export interface StoreExamined {
  readonly findings: readonly Finding[];
  /** The services, as far as they could be read. */
  readonly services: readonly Service[];
}

/** Looks at the store in one state, while servers run; changes nothing, and makes none. */
export async function examineStore(config: Config): Promise<StoreExamined> {
  const { database } = config;
  if (database.engine === 'postgresql')
    return readStore(config, [], `PostgreSQL at ${redactedDatabaseUrl(database.url)}`);
  if (database.path === ':memory:') {
    const seen = 'DATABASE_URL is sqlite::memory:, a store that ends with its server.';
    return nothing(warning('store', seen, 'Leave DATABASE_URL away, or name a file or PostgreSQL.'));
  }
  const place = checkPlace(config, database.path);
  if (!existsSync(database.path)) {
    const seen = `There is no store at ${database.path} yet.`;
    return nothing(warning('store', seen, 'The first start of the server makes one.'), ...place);
  }
  return readStore(config, place, `SQLite at ${database.path}`);
}

async function readStore(config: Config, place: readonly Finding[], name: string): Promise<StoreExamined> {
  try {
    return await readSnapshot(config.database, (session) => readSession(config, session, place, name), {
      responseTimeout: RESPONSE_TIMEOUT,
    });
  } catch (error) {
    const seen = `${name} cannot be read: ${describeFailure(error)}`;
    return nothing(failed('store', seen, 'Check DATABASE_URL or DATA_DIR, and that the store is there.'), ...place);
  }
}

async function readSession(
  config: Config,
  session: SqlSession,
  place: readonly Finding[],
  name: string,
): Promise<StoreExamined> {
  const engine = config.database.engine === 'sqlite' ? [await checkJournal(session)] : await checkDurability(session);
  const clock = config.database.engine === 'sqlite' ? [] : [await checkClockOf(session)];
  const found = [ok('store', `${name} can be read.`), ...engine, ...place];
  let status: SchemaStatus;
  try {
    status = await SCHEMA.status(session);
  } catch (error) {
    const newer = failed('schema', describeFailure(error), "Use a server of the store's version.");
    return { findings: [...found, ...clock, newer], services: [] };
  }
  const schema = checkSchema(config, status);
  if (status.pending.length > 0) return { findings: [...found, ...clock, schema], services: [] };
  const services = await new ServiceStore(new SnapshotDatabase(session)).list();
  const findings = [...found, schema, await checkKeys(config, session), ...clock, await checkNewest(session, services)];
  return { findings, services };
}

function nothing(...findings: readonly Finding[]): StoreExamined {
  return { findings, services: [] };
}

function checkSchema({ database, autoMigrate }: Config, { applied, pending }: SchemaStatus): Finding {
  const current = applied.at(-1)?.version;
  if (pending.length === 0) return ok('schema', `The schema has version ${current ?? 0}, which this server needs.`);
  const seen = `The schema has ${current === undefined ? 'no version' : `version ${current}`}; this server needs version ${pending.at(-1)?.version ?? 0}.`;
  return database.engine === 'sqlite' || autoMigrate
    ? warning('schema', seen, "The next start of the server brings it up to date, and so does 'clientele migrate up'.")
    : failed('schema', seen, "Run 'clientele migrate up'.");
}

async function checkKeys(config: Config, session: SqlSession): Promise<Finding> {
  const keyIds = (await session.query('SELECT key_id FROM encryption_key ORDER BY created_at')).map(({ key_id: id }) =>
    String(id),
  );
  const advice = 'Put every key that the store has used into ENCRYPTION_KEY, or back the key file up to its place.';
  let encryption: SecretEncryption;
  try {
    encryption = new SecretEncryption(existingEncryptionKeys(config));
  } catch (error) {
    return failed('encryption-keys', describeFailure(error), advice);
  }
  const missing = missingKeys(keyIds, encryption);
  if (missing.length > 0) {
    return failed(
      'encryption-keys',
      `Secrets in the store were encrypted with the key ${missing.join(', ')}, which is not here; the first one here is ${encryption.currentKeyId}.`,
      advice,
    );
  }
  const before = keyIds.filter((id) => id !== encryption.currentKeyId);
  if (before.length === 0) return ok('encryption-keys', `The key ${encryption.currentKeyId} decrypts every secret.`);
  return warning(
    'encryption-keys',
    `The key ${encryption.currentKeyId} encrypts, and secrets may still be encrypted with ${before.join(', ')}, which is here too.`,
    "'clientele key rotate' encrypts them anew.",
  );
}
