import { isEmpty } from '../../administration/services/create-service.ts';
import type { Config } from '../../config/config.ts';
import type { KnownFailure } from '../../config/known-failures.ts';
import {
  adviceOnMissing,
  existingEncryptionKeys,
  keyFileOf,
  MissingKeyError,
  readKeyFile,
  sourceOfKeys,
} from '../../crypto/encryption-key-file.ts';
import { listServices } from '../../services/service-store.ts';
import type { Service } from '../../services/service.ts';
import type { SqlSession } from '../../database/database.ts';
import { keysNamed, missingKeys, neededKeys, needs } from '../../database/encryption-keys.ts';
import type { SchemaStatus } from '../../database/schema.ts';
import { SecretEncryption } from '../../crypto/secret-encryption.ts';
import { readSnapshot } from '../../database/snapshot.ts';
import { exists } from '../../files/exists.ts';
import { SCHEMA } from '../../schema.ts';
import { describeFailure, explainFailure } from '../../database/describe-failure.ts';
import { redactedDatabaseUrl } from '../database-url.ts';
import { SnapshotDatabase } from '../store.ts';
import { checkClockOf, checkStoredTimes } from './clock.ts';
import { failed, ok, warning, type Finding } from './finding.ts';
import { checkJournal, checkFiles } from './sqlite.ts';
import { checkDurability } from './postgres.ts';

/** Milliseconds for one query. */
const RESPONSE_TIMEOUT = 5_000;

const ADVICE_KEYS = 'Put every key of the store into ENCRYPTION_KEY, or restore the key file.';

export interface StoreResult {
  readonly findings: readonly Finding[];
  /** The services of the store; `undefined` if they cannot be read. */
  readonly services: readonly Service[] | undefined;
  /** Whether the next start of a server creates the first service. */
  readonly isEmpty: boolean;
}

/** Checks a snapshot of the store while servers run. Changes and creates nothing. */
export async function checkStore(config: Config): Promise<StoreResult> {
  const { database } = config;
  if (database.engine === 'postgresql')
    return checkDatabase(config, [], `PostgreSQL at ${redactedDatabaseUrl(database.url)}`);
  if (database.path === ':memory:') {
    const message = 'DATABASE_URL is sqlite::memory:, a store that is lost when its server stops.';
    return withoutServices(warning('store', message, 'Remove DATABASE_URL, or set it to a file or PostgreSQL.'));
  }
  const name = `SQLite at ${database.path}`;
  try {
    return await checkFile(config, database.path, name);
  } catch (error) {
    return withoutServices(unreadable(config, name, error));
  }
}

async function checkFile(config: Config, path: string, name: string): Promise<StoreResult> {
  const fileFindings = checkFiles(config, path);
  if (exists(path)) return checkDatabase(config, fileFindings, name);
  const message = `There is no store at ${path} yet.`;
  const missing = warning('store', message, 'The first start of the server creates it.');
  return { findings: [missing, ...fileFindings, ...checkKeyFile(config)], services: [], isEmpty: true };
}

async function checkDatabase(config: Config, fileFindings: readonly Finding[], name: string): Promise<StoreResult> {
  try {
    return await readSnapshot(config.database, (session) => checkSession(config, session, fileFindings, name), {
      responseTimeout: RESPONSE_TIMEOUT,
    });
  } catch (error) {
    return withoutServices(unreadable(config, name, error), ...fileFindings, ...checkKeyFile(config));
  }
}

function unreadable(config: Config, name: string, error: unknown): Finding {
  const advice = 'Check DATABASE_URL or DATA_DIR, and that the store exists.';
  const { reason, remedy } = explained(error, config, advice);
  return failed('store', `${name} cannot be read: ${reason}`, remedy);
}

async function checkSession(
  config: Config,
  session: SqlSession,
  fileFindings: readonly Finding[],
  name: string,
): Promise<StoreResult> {
  const engine = config.database.engine === 'sqlite' ? [await checkJournal(session)] : await checkDurability(session);
  const clock = config.database.engine === 'sqlite' ? [] : [await checkClockOf(session)];
  const findings = [ok('store', `${name} can be read.`), ...engine, ...fileFindings];
  let status: SchemaStatus;
  try {
    status = await SCHEMA.status(session);
  } catch (error) {
    if (explainFailure(error, config) !== undefined) throw error;
    const newer = failed('schema', describeFailure(error), "Use a server of the store's version.");
    return withoutServices(...findings, ...clock, newer);
  }
  const schema = checkSchema(config, status);
  if (status.pending.length > 0) return withoutServices(...findings, ...clock, schema);
  const snapshot = new SnapshotDatabase(session);
  const services = await listServices(snapshot);
  findings.push(schema, await checkKeys(config, session), ...clock, await checkStoredTimes(session, services));
  return { findings, services, isEmpty: await isEmpty(snapshot) };
}

/** Checks the key file if the store, which has the IDs of its keys, cannot be read. The first start creates a missing one. */
function checkKeyFile(config: Config): readonly Finding[] {
  if (config.encryptionKeys !== undefined || !exists(keyFileOf(config))) return [];
  try {
    readKeyFile(keyFileOf(config));
    return [];
  } catch (error) {
    return [keyFailure(error, config)];
  }
}

function keyFailure(error: unknown, config: Config): Finding {
  const { reason, remedy } = explained(error, config, ADVICE_KEYS);
  return failed('encryption-keys', reason, remedy);
}

/** The cause and the remedy of a failure; if they are not known, its message and this remedy. */
function explained(error: unknown, config: Config, remedy: string): KnownFailure {
  return explainFailure(error, config) ?? { reason: describeFailure(error), remedy };
}

function withoutServices(...findings: readonly Finding[]): StoreResult {
  return { findings, services: undefined, isEmpty: false };
}

function checkSchema({ database, autoMigrate }: Config, { applied, pending }: SchemaStatus): Finding {
  const current = applied.at(-1)?.version;
  if (pending.length === 0) return ok('schema', `The schema has version ${current ?? 0}, as this server needs.`);
  const message = `The schema has ${current === undefined ? 'no version' : `version ${current}`}; this server needs version ${pending.at(-1)?.version ?? 0}.`;
  return database.engine === 'sqlite' || autoMigrate
    ? warning('schema', message, "The next start of the server or 'clientele migrate up' brings it up to date.")
    : failed('schema', message, "Run 'clientele migrate up'.");
}

async function checkKeys(config: Config, session: SqlSession): Promise<Finding> {
  const keyIds = await neededKeys(session);
  let encryption: SecretEncryption;
  try {
    encryption = new SecretEncryption(existingEncryptionKeys(config));
  } catch (error) {
    const failure = keyFailure(error, config);
    return error instanceof MissingKeyError ? { ...failure, seen: `${failure.seen} ${needs(keyIds)}` } : failure;
  }
  const missing = missingKeys(keyIds, encryption);
  if (missing.length > 0) {
    return failed(
      'encryption-keys',
      `The store contains secrets encrypted with ${keysNamed(missing)}, which ${sourceOfKeys(config)} does not contain (its first key is ${encryption.currentKeyId}).`,
      adviceOnMissing(config, missing),
    );
  }
  const previous = keyIds.filter((id) => id !== encryption.currentKeyId);
  if (previous.length === 0)
    return ok(
      'encryption-keys',
      `The store needs only the key ${encryption.currentKeyId}, which is available. To check that it decrypts the secrets of all clients, run 'clientele audit verify'.`,
    );
  return warning(
    'encryption-keys',
    `The key ${encryption.currentKeyId} encrypts. Secrets may still be encrypted with ${previous.join(', ')}, which is available too.`,
    "Run 'clientele key rotate' to re-encrypt them.",
  );
}
