import { randomBytes } from 'node:crypto';
import { SecretEncryption } from './secret-encryption.ts';

const OWNER = 'client/1/2';

describe('SecretEncryption', () => {
  const [key, other] = [randomBytes(32), randomBytes(32)];
  const encryption = new SecretEncryption([key]);

  it.each(['a-secret', '', 'é 🦊 \u0000', 'x'.repeat(10_000)])('decrypts an encrypted secret', (secret) => {
    const record = encryption.encrypt(secret, OWNER);

    expect(encryption.decrypt(record, OWNER)).toBe(secret);
    if (secret !== '') expect(record).not.toContain(secret);
  });

  it('never creates the same record twice', () => {
    expect(encryption.encrypt('a-secret', OWNER)).not.toBe(encryption.encrypt('a-secret', OWNER));
  });

  it('encrypts with the first key, and decrypts with every key', () => {
    const record = encryption.encrypt('a-secret', OWNER);
    const rotated = new SecretEncryption([other, key]);

    expect(rotated.decrypt(record, OWNER)).toBe('a-secret');
    expect(new SecretEncryption([other]).decrypt(rotated.encrypt('a-secret', OWNER), OWNER)).toBe('a-secret');
  });

  it('names the key that is missing', () => {
    const record = encryption.encrypt('a-secret', OWNER);

    expect(() => new SecretEncryption([other]).decrypt(record, OWNER)).toThrow(
      `A secret was encrypted with the key ${record.slice(0, 8)}, which ENCRYPTION_KEY does not contain.`,
    );
  });

  it('derives the same value from the same key, purpose and data only', () => {
    const [value] = encryption.derive('purpose', 'data');
    expect(value).toMatch(/^[\w-]{43}$/);
    expect(encryption.derive('purpose', 'data')).toEqual([value]);
    expect(encryption.derive('purpose', 'other')).not.toContain(value);
    expect(encryption.derive('other', 'data')).not.toContain(value);
    expect(new SecretEncryption([other]).derive('purpose', 'data')).not.toContain(value);
    expect(new SecretEncryption([other, key]).derive('purpose', 'data')[1]).toBe(value);
  });

  it('binds a record to its owner', () => {
    const record = encryption.encrypt('a-secret', OWNER);

    expect(() => encryption.decrypt(record, 'client/1/3')).toThrow();
  });

  it('refuses a record with a changed or missing byte', () => {
    const [id = '', text = ''] = encryption.encrypt('a-secret', OWNER).split('.');
    const bytes = Buffer.from(text, 'base64url');

    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(i) ^ 1, i);
      expect(() => encryption.decrypt(`${id}.${changed.toString('base64url')}`, OWNER)).toThrow();
      const shorter = bytes.subarray(0, i).toString('base64url');
      expect(() => encryption.decrypt(`${id}.${shorter}`, OWNER)).toThrow();
    }
  });

  it.each(['', '.', 'no-record', 'a.b.c'])('refuses %j, which is not a record', (record) => {
    expect(() => encryption.decrypt(record, OWNER)).toThrow();
  });

  it('requires a key', () => {
    expect(() => new SecretEncryption([])).toThrow('At least one encryption key is required.');
  });
});
