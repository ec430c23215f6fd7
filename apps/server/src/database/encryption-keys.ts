import type { SecretEncryption } from '../crypto/secret-encryption.ts';
import type { Database } from './database.ts';
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
export async function checkEncryptionKeys(database: Database, encryption: SecretEncryption): Promise<void> {
  const used = await recordedKeys(database);
  const missing = missingKeys(used, encryption);
  if (missing.length > 0) {
    throw new Error(
      `The secrets in the database were encrypted with the key ${missing.join(', ')}, which ENCRYPTION_KEY does not contain ` +
        `(its first key is ${encryption.currentKeyId}). Start with the right key. To replace it, put a new key before it.`,
    );
  }
  if (!used.includes(encryption.currentKeyId)) await recordKey(database, encryption.currentKeyId);
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
