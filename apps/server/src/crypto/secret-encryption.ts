import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** A ciphertext cannot be decrypted. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';

  constructor(
    message: string,
    /** Whether another key is needed; otherwise, the ciphertext was changed or is of another owner. */
    readonly keyMissing: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Encrypts values that the server needs in the clear again (AES-256-GCM). A ciphertext names its key, so that keys can be
 * replaced. It is bound to its owner, so that it cannot be decrypted in the row of another owner.
 */
export class SecretEncryption {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly current: { readonly id: string; readonly key: Buffer };

  /** The first key encrypts; all of them decrypt. Each has 32 bytes. */
  constructor(keys: readonly Buffer[]) {
    const [first] = keys;
    if (first === undefined) throw new Error('At least one encryption key is required.');
    this.keys = new Map(keys.map((key) => [keyId(key), key]));
    this.current = { id: keyId(first), key: first };
  }

  /** ID of the key that encrypts. */
  get currentKeyId(): string {
    return this.current.id;
  }

  /** The IDs of all keys; the first one encrypts. */
  get keyIds(): readonly string[] {
    return [...this.keys.keys()];
  }

  /** Whether ciphertexts of this key can be decrypted. */
  holds(keyId: string): boolean {
    return this.keys.has(keyId);
  }

  /** `keyId.data`, where the data are the initialization vector, the ciphertext and the tag in base64url. */
  encrypt(secret: string, owner: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.current.key, iv).setAAD(Buffer.from(owner));
    const ciphertext = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${this.current.id}.${ciphertext.toString('base64url')}`;
  }

  /** Throws `DecryptionError` if the key is missing, the owner is another one, or the ciphertext was changed. */
  decrypt(record: string, owner: string): string {
    const [id = '', ciphertext = ''] = record.split('.');
    const key = this.keys.get(id);
    if (key === undefined)
      throw new DecryptionError(
        `A secret was encrypted with the key ${id}, which ENCRYPTION_KEY does not contain.`,
        true,
      );
    const bytes = Buffer.from(ciphertext, 'base64url');
    try {
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(owner))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch (cause) {
      throw new DecryptionError(
        `The secret of ${owner} was changed, or is of another row: the key ${id} does not decrypt it.`,
        false,
        { cause },
      );
    }
  }

  /** Derives 256 bits in base64url from data, which only a holder of the key can do: with the first key, then with the other ones. */
  derive(purpose: string, data: string): readonly [string, ...string[]] {
    const [, ...others] = this.keys.values();
    return [macOf(this.current.key, purpose, data), ...others.map((key) => macOf(key, purpose, data))];
  }
}

/** HMAC-SHA-256 with a key for the purpose alone (RFC 5869). */
function macOf(key: Buffer, purpose: string, data: string): string {
  const derived = hkdfSync('sha256', key, '', purpose, KEY_BYTES);
  return createHmac('sha256', Buffer.from(derived)).update(data).digest('base64url');
}

/** A name for a key that does not reveal the key. */
function keyId(key: Buffer): string {
  return createHash('sha256').update('clientele key id').update(key).digest('base64url').slice(0, 8);
}
