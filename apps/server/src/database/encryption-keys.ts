import type { Database } from './database.ts';
import type { SecretEncryption } from '../crypto/secret-encryption.ts';

/**
 * Notes the key that encrypts from now on. Throws, with nothing written, when the store may hold secrets of a key that is not
 * there: with a wrong key the server would give every client a new secret, or none.
 */
export async function checkEncryptionKeys(database: Database, encryption: SecretEncryption): Promise<void> {
  const rows = await database.read({ sql: 'SELECT key_id FROM encryption_key ORDER BY created_at', values: [] });
  const used = rows.map((row) => String(row.key_id));
  const missing = missingKeys(used, encryption);
  if (missing.length > 0) {
    throw new Error(
      `The secrets in the database were encrypted with the key ${missing.join(', ')}, which ENCRYPTION_KEY does not hold ` +
        `(its first key is ${encryption.currentKeyId}). Start with the right key; put a new one before it to replace it.`,
    );
  }
  if (used.includes(encryption.currentKeyId)) return;
  await database.write({
    sql: 'INSERT INTO encryption_key (key_id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    values: [encryption.currentKeyId, Date.now()],
  });
}

/** Those of the keys that are not there to decrypt with. */
export function missingKeys(keyIds: readonly string[], encryption: SecretEncryption): readonly string[] {
  return keyIds.filter((keyId) => !encryption.holds(keyId));
}
