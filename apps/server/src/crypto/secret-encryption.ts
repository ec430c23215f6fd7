import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts secrets that must be had back (AES-256-GCM). A record names its key, so that keys can be replaced, and is bound
 * to its owner, so that it means nothing in another place.
 */
export class SecretEncryption {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly current: { readonly id: string; readonly key: Buffer };

  /** The first key encrypts; all of them decrypt. Each has 32 bytes. */
  constructor(keys: readonly Buffer[]) {
    const [first] = keys;
    if (first === undefined) throw new Error('At least one encryption key is needed.');
    this.keys = new Map(keys.map((key) => [keyId(key), key]));
    this.current = { id: keyId(first), key: first };
  }

  /** The key that encrypts. */
  get currentKeyId(): string {
    return this.current.id;
  }

  /** Whether records of this key can be decrypted. */
  holds(keyId: string): boolean {
    return this.keys.has(keyId);
  }

  /** `key ID . initialization vector, ciphertext and tag in base64url` */
  encrypt(secret: string, owner: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.current.key, iv).setAAD(Buffer.from(owner));
    const ciphertext = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${this.current.id}.${ciphertext.toString('base64url')}`;
  }

  /** Throws when the record was made with a key that is not here, or for another owner, or was changed. */
  decrypt(record: string, owner: string): string {
    const [id = '', ciphertext = ''] = record.split('.');
    const key = this.keys.get(id);
    if (key === undefined)
      throw new Error(`A secret was encrypted with the key ${id}, which ENCRYPTION_KEY does not hold.`);
    const bytes = Buffer.from(ciphertext, 'base64url');
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(owner))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  }
}

/** A name for a key that gives nothing of it away. */
function keyId(key: Buffer): string {
  return createHash('sha256').update('clientele key id').update(key).digest('base64url').slice(0, 8);
}
