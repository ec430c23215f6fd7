import type { Config } from '../config/config.ts';
import { adviceOnMissing, loadEncryptionKeys, MissingKeyError, sourceOfKeys } from '../crypto/encryption-key-file.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import type { Database, SqlSession } from './database.ts';
import { readSnapshot } from './snapshot.ts';
import type { Table } from './table.ts';

/** Contains the IDs of the keys with which values of the store may be encrypted. */
export const ENCRYPTION_KEY_TABLE: Table = {
  name: 'encryption_key',
  columns: { key_id: 'text', created_at: 'number' },
  primaryKey: ['key_id'],
  exported: false,
};

/**
 * Records the key that encrypts from now on. Throws, with nothing written, if a key of the store is missing: with a wrong key the
 * server would give every client a new secret, or none.
 */
export async function checkEncryptionKeys(
  database: Database,
  encryption: SecretEncryption,
  config: Config,
): Promise<void> {
  const used = await recordedKeys(database);
  const missing = missingKeys(used, encryption);
  if (missing.length > 0) {
    throw new Error(
      `The secrets in the database were encrypted with ${keysNamed(missing)}, which ${sourceOfKeys(config)} does not contain ` +
        `(its first key is ${encryption.currentKeyId}). ${adviceOnMissing(config, missing)}`,
    );
  }
  if (!used.includes(encryption.currentKeyId)) await recordKey(database, encryption.currentKeyId);
}

/**
 * The encryption with the keys of the configuration or the key file, which the first start creates. If there is no key, the error names
 * the keys that the store needs, so that they can be looked for.
 */
export async function loadEncryption(config: Config): Promise<SecretEncryption> {
  try {
    return new SecretEncryption(loadEncryptionKeys(config));
  } catch (error) {
    if (!(error instanceof MissingKeyError)) throw error;
    const needed = await readSnapshot(config.database, neededKeys).catch(() => {
      // The store cannot be read either, which is to correct after the key.
      throw error;
    });
    throw needed.length === 0 ? error : new MissingKeyError(`${error.message} ${needs(needed)}`);
  }
}

/** The IDs of the keys that a store needs, oldest first. */
export async function neededKeys({ query }: SqlSession): Promise<readonly string[]> {
  return (await query('SELECT key_id FROM encryption_key ORDER BY created_at')).map((row) => String(row.key_id));
}

/** The sentence about the keys that a store needs. */
export function needs(keyIds: readonly string[]): string {
  return `The store needs ${keysNamed(keyIds)}.`;
}

/** Keys by their IDs, as an object of a sentence. */
export function keysNamed(keyIds: readonly string[]): string {
  return `the ${keyIds.length === 1 ? 'key' : 'keys'} ${keyIds.join(', ')}`;
}

/** The IDs of the recorded keys, oldest first. */
export async function recordedKeys(database: Database): Promise<readonly string[]> {
  return [...(await timesOfKeys(database)).keys()];
}

/** The time of the first use of each recorded key, oldest first. */
export async function timesOfKeys(database: Database): Promise<ReadonlyMap<string, number>> {
  const sql = 'SELECT key_id, created_at FROM encryption_key ORDER BY created_at';
  const rows = await database.read({ sql, values: [] });
  return new Map(rows.map((row) => [String(row.key_id), Number(row.created_at)]));
}

/** Records a key: no server starts without it from now on. */
export async function recordKey(database: Database, keyId: string): Promise<void> {
  await database.write({
    sql: 'INSERT INTO encryption_key (key_id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    values: [keyId, Date.now()],
  });
}

/** The keys that are not available. */
export function missingKeys(keyIds: readonly string[], encryption: SecretEncryption): readonly string[] {
  return keyIds.filter((keyId) => !encryption.holds(keyId));
}
