import { DecryptionError, type SecretEncryption } from '../crypto/secret-encryption.ts';
import type { Row } from '../database/database.ts';
import { missingKeys } from '../database/encryption-keys.ts';
import { encryptedColumnsOf, ownerOf, type Table } from '../database/table.ts';

/** Names the keys of a file that are not available, and says what to do; `undefined` if all are available. */
export function keysProblem(keyIds: readonly string[], encryption: SecretEncryption): string | undefined {
  const missing = missingKeys(keyIds, encryption);
  if (missing.length === 0) return undefined;
  return (
    `The secrets in the file were encrypted with the key ${missing.join(', ')}, which ENCRYPTION_KEY does not contain. ` +
    'Add it after the first key, in the configuration of every server of this store.'
  );
}

/** Says which ciphertext of a row cannot be decrypted in this row, and why; `undefined` if each can. */
export function secretProblem(table: Table, row: Row, encryption: SecretEncryption): string | undefined {
  for (const column of encryptedColumnsOf(table)) {
    const value = row[column];
    if (typeof value !== 'string') continue;
    try {
      encryption.decrypt(value, ownerOf(table, row));
    } catch (error) {
      if (!(error instanceof DecryptionError)) throw error;
      return error.keyMissing
        ? `${column} was encrypted with a key that ENCRYPTION_KEY does not contain`
        : `${column} cannot be decrypted, because it was changed or is of another row`;
    }
  }
  return undefined;
}
