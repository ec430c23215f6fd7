import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config, ConfigError } from '../config/config.ts';
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

  it('makes a key of 256 bits on the first start, in a file and a folder that nobody else may read', () => {
    const [key] = load();

    expect(key).toHaveLength(32);
    expect(readFileSync(keyFile, 'utf8')).toBe(key?.toString('base64url'));
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  });

  it('finds that key again on every other start', () => {
    const first = load();
    writeFileSync(join(dataDir, 'clientele.db'), '');

    expect(load()).toEqual(first);
  });

  it('makes another key in another folder', () => {
    expect(load()).not.toEqual(load({ DATA_DIR: join(folder, 'other') }));
  });

  it('makes no file where the keys are configured', () => {
    const keys = ['A'.repeat(43), 'B'.repeat(43)];

    expect(load({ ENCRYPTION_KEY: keys.join() })).toEqual(keys.map((key) => Buffer.from(key, 'base64url')));
    expect(() => statSync(dataDir)).toThrow();
  });

  it('makes no file for a store in memory, and another key each time', () => {
    const environment = { DATABASE_URL: 'sqlite::memory:' };

    expect(load(environment)).not.toEqual(load(environment));
    expect(() => statSync(dataDir)).toThrow();
  });

  it('refuses a database whose key is not there, and makes none for it', () => {
    const database = join(folder, 'elsewhere.db');
    writeFileSync(database, '');

    const environment = { DATABASE_URL: `sqlite:${database}` };

    expect(() => load(environment)).toThrow(ConfigError);
    expect(() => load(environment)).toThrow(
      `${keyFile} is missing and ENCRYPTION_KEY is not set. The secrets in ${database} cannot be decrypted without the key.`,
    );
    expect(() => statSync(keyFile)).toThrow();
  });

  it.each(['', 'too-short', 'A'.repeat(44), '\n'])('refuses a key file that holds %j, and leaves it', (content) => {
    mkdirSync(dataDir);
    writeFileSync(keyFile, content);

    expect(() => load()).toThrow(`${keyFile} must hold 32 bytes in base64url.`);
    expect(readFileSync(keyFile, 'utf8')).toBe(content);
  });

  it('takes a key file with an end of line', () => {
    mkdirSync(dataDir);
    writeFileSync(keyFile, `${'A'.repeat(43)}\n`);

    expect(load()).toEqual([Buffer.from('A'.repeat(43), 'base64url')]);
  });
});
