import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from '../config/config.ts';
import { ConfigError } from '../config/environment.ts';
import { loadEncryptionKeys } from './encryption-key-file.ts';

describe('loadEncryptionKeys', () => {
  let folder: string;
  let dataDir: string;
  let keyFile: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clientele-'));
    dataDir = join(folder, 'data');
    keyFile = join(dataDir, 'encryption.key');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const load = (environment: Record<string, string> = {}): readonly Buffer[] =>
    loadEncryptionKeys(Config.from({ DATA_DIR: dataDir, ...environment }));

  it('creates a private file with a key of 256 bits at the first start', () => {
    const [key] = load();

    expect(key).toHaveLength(32);
    expect(readFileSync(keyFile, 'utf8')).toBe(key?.toString('base64url'));
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  });

  it('reads the existing key at each later start', () => {
    const first = load();
    writeFileSync(join(dataDir, 'clientele.db'), '');

    expect(load()).toEqual(first);
  });

  it('creates another key in another folder', () => {
    expect(load()).not.toEqual(load({ DATA_DIR: join(folder, 'other') }));
  });

  it('creates no file if the keys are configured', () => {
    const keys = ['A'.repeat(43), 'B'.repeat(43)];

    expect(load({ ENCRYPTION_KEY: keys.join() })).toEqual(keys.map((key) => Buffer.from(key, 'base64url')));
    expect(() => statSync(dataDir)).toThrow();
  });

  it('creates a new key without a file for each store in memory', () => {
    const environment = { DATABASE_URL: 'sqlite::memory:' };

    expect(load(environment)).not.toEqual(load(environment));
    expect(() => statSync(dataDir)).toThrow();
  });

  it('refuses a database whose key is missing, and creates no key', () => {
    const database = join(folder, 'elsewhere.db');
    writeFileSync(database, '');

    const environment = { DATABASE_URL: `sqlite:${database}` };

    expect(() => load(environment)).toThrow(ConfigError);
    expect(() => load(environment)).toThrow(
      `${keyFile} is missing and ENCRYPTION_KEY is not set. The secrets in ${database} cannot be decrypted without the key.`,
    );
    expect(() => statSync(keyFile)).toThrow();
  });

  it.each(['', 'too-short', 'A'.repeat(44), '\n'])(
    'refuses a key file that contains %j, and does not change it',
    (content) => {
      mkdirSync(dataDir);
      writeFileSync(keyFile, content);

      expect(() => load()).toThrow(`${keyFile} must hold 32 bytes in base64url.`);
      expect(readFileSync(keyFile, 'utf8')).toBe(content);
    },
  );

  it('accepts a key file with a final line break', () => {
    mkdirSync(dataDir);
    writeFileSync(keyFile, `${'A'.repeat(43)}\n`);

    expect(load()).toEqual([Buffer.from('A'.repeat(43), 'base64url')]);
  });
});
