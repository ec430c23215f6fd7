import { Config } from '../config/config.ts';
import { EMPTY_STORE } from '../config/known-failures.ts';
import { StoreUnavailableError } from './database.ts';
import { describeFailure } from './describe-failure.ts';
import { asStoreError, ConnectionLostError } from './postgres-errors.ts';
import { expectSupportedVersion } from './postgres-version.ts';

const KEY = 'A'.repeat(43);
const IN_FOLDER = { DATA_DIR: '/srv/data', MANAGEMENT_PORT: '81' };
const IN_FILE = { DATABASE_URL: 'sqlite:/srv/store/clients.db', ENCRYPTION_KEY: KEY };
const POSTGRES = { DATABASE_URL: 'postgres://user:canary@db.example.org:5433/clients', ENCRYPTION_KEY: KEY };

/** An error with the properties of an error of Node.js, SQLite or PostgreSQL. */
function failureWith(properties: object): Error {
  return Object.assign(new Error('canary'), properties);
}

function ofStore(properties: object): Error {
  return new StoreUnavailableError('canary', { cause: new Error('canary', { cause: failureWith(properties) }) });
}

const listen = (code: string, port = 80): Error => failureWith({ code, syscall: 'listen', address: '192.0.2.1', port });
const file = (code: string, path: string): Error => failureWith({ code, syscall: 'open', path });
/** The refusal of a version of PostgreSQL, as PostgreSQL gives it. */
function refusalOf(version: number): Error {
  try {
    expectSupportedVersion([{ version }]);
  } catch (error) {
    return error as Error;
  }
  return new Error(`${version} is not refused`);
}
const sqlite = (errcode: number): Error => failureWith({ code: 'ERR_SQLITE_ERROR', errcode });

describe('the description of a failure names the setting and the remedy', () => {
  it.each<[string, Error, Readonly<Record<string, string>>, RegExp]>([
    ['a port in use', listen('EADDRINUSE'), IN_FOLDER, /^PORT is in use .* at 192\.0\.2\.1:80\. .*set PORT to/],
    [
      'a management port in use',
      listen('EADDRINUSE', 81),
      IN_FOLDER,
      /^MANAGEMENT_PORT is in use .*set MANAGEMENT_PORT/,
    ],
    [
      'a failure of PostgreSQL that is not known',
      new StoreUnavailableError('unavailable', { cause: new ConnectionLostError(new Error('Connection terminated')) }),
      POSTGRES,
      /^PostgreSQL in DATABASE_URL: Connection terminated\. Check that PostgreSQL runs/,
    ],
    ['a port that needs rights', listen('EACCES'), IN_FOLDER, /^PORT is 80, .*Set PORT to a port above 1023\.$/],
    ['an address of another machine', listen('EADDRNOTAVAIL'), IN_FOLDER, /^HOST is 192\.0\.2\.1, .*Set HOST to/],
    ['an address without support', listen('EAFNOSUPPORT'), IN_FOLDER, /^HOST is 192\.0\.2\.1, .*Set HOST to/],
    [
      'an unknown host to listen on',
      failureWith({ code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'nothing.invalid' }),
      IN_FOLDER,
      /^HOST is nothing\.invalid, .*Set HOST to/,
    ],
    ['a folder that is a file', file('EEXIST', '/srv/data'), IN_FOLDER, /^\/srv\/data is needed .*set DATA_DIR to/],
    ['a folder below a file', file('ENOTDIR', '/srv/data'), IN_FOLDER, /^\/srv\/data is needed .*set DATA_DIR to/],
    [
      'a key of another user',
      file('EACCES', '/srv/data/encryption.key'),
      IN_FOLDER,
      /may not use \S+\.key\..*DATA_DIR/,
    ],
    [
      'a folder in one that is read-only',
      failureWith({ code: 'EROFS', syscall: 'mkdir', path: '/srv/data' }),
      IN_FOLDER,
      /^The folder \/srv\/data cannot be created: the file system is read-only\. Create it, .*set DATA_DIR to/,
    ],
    [
      'a folder in one of another user',
      failureWith({ code: 'EACCES', syscall: 'mkdir', path: '/srv/data' }),
      IN_FOLDER,
      /^The folder \/srv\/data cannot be created: the user of this process may not write to the folder above it\./,
    ],
    [
      'a folder above the data directory',
      failureWith({ code: 'EACCES', syscall: 'mkdir', path: '/srv' }),
      IN_FOLDER,
      /set DATA_DIR to another folder\.$/,
    ],
    ['a missing folder', file('ENOENT', '/other'), IN_FOLDER, /^There is no file or folder \/other\. Create it/],
    [
      'a lost store',
      failureWith({ code: EMPTY_STORE, path: '/srv/data/clientele.db' }),
      IN_FOLDER,
      /^The store \/srv\/data\/clientele\.db is an empty file\. If it had clients, restore a backup\./,
    ],
    [
      'a folder of the store that is not writable',
      new StoreUnavailableError('canary', { cause: file('EACCES', '/srv/data') }),
      IN_FOLDER,
      /^The user of this process may not use \/srv\/data\./,
    ],
    [
      'a file of a command',
      file('EACCES', '/other/file'),
      IN_FOLDER,
      /may not use \/other\/file\. Make that user its owner\.$/,
    ],
    ['a read-only folder', file('EROFS', '/srv/store'), IN_FILE, /read-only .*set DATABASE_URL to another file\.$/],
    [
      'a full disk',
      file('ENOSPC', '/srv/data/x'),
      IN_FOLDER,
      /^The disk of \/srv\/data\/x is full\. .*set DATA_DIR to/,
    ],
    ['a full disk of the store', sqlite(13), IN_FOLDER, /clientele\.db is full\. Free space on it, or set DATA_DIR to/],
    [
      'a store of another user',
      sqlite(14),
      IN_FILE,
      /^The store \/srv\/store\/clients\.db cannot be opened.*DATABASE_URL/,
    ],
    ['a store that is read-only', ofStore({ errcode: 8 | (1 << 8) }), IN_FOLDER, /^The store \/srv\/data\/.*DATA_DIR/],
    ['a damaged store', sqlite(11), IN_FOLDER, /clientele\.db is damaged\. .*restore a backup/],
    [
      'a damaged store, on Node 20',
      Object.assign(new Error('database disk image is malformed'), { code: 'ERR_SQLITE_ERROR' }),
      IN_FOLDER,
      /clientele\.db is damaged\. .*restore a backup/,
    ],
    ['a store that is no database', sqlite(26), IN_FOLDER, /clientele\.db is not a database.*restore a backup/],
    [
      'an unknown host of PostgreSQL',
      ofStore({ code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'db' }),
      POSTGRES,
      /^The host db in DATABASE_URL is not found\. Correct DATABASE_URL/,
    ],
    [
      'PostgreSQL that does not run',
      ofStore({ code: 'ECONNREFUSED' }),
      POSTGRES,
      /at db\.example\.org:5433\. .*DATABASE_URL/,
    ],
    ['a wrong password', ofStore({ code: '28P01' }), POSTGRES, /^PostgreSQL refuses .*Percent-encode/],
    [
      'an unknown database',
      ofStore({ code: '3D000' }),
      POSTGRES,
      /^The database in DATABASE_URL does not exist\. Create/,
    ],
    [
      'a PostgreSQL that is too old',
      refusalOf(120_022),
      POSTGRES,
      /^DATABASE_URL names PostgreSQL 12\.22; this server needs version 13 or later\. Upgrade PostgreSQL\.$/,
    ],
    ['a user without rights', ofStore({ code: '42501' }), POSTGRES, /^The user in DATABASE_URL lacks a right .*owner/],
    ['a user who may not connect', ofStore({ code: '28000' }), POSTGRES, /TLS\. .*pg_hba\.conf.* peer needs/],
    ['a standby', ofStore({ code: '25006' }), POSTGRES, /is read-only\. .*let DATABASE_URL lead to the primary/],
    ['no connection left', ofStore({ code: '53300' }), POSTGRES, /DATABASE_CONNECTIONS .*max_connections/],
    [
      'a PostgreSQL without TLS',
      asStoreError(new ConnectionLostError(new Error('The server does not support SSL connections')), {
        outcomeUnknown: false,
      }),
      POSTGRES,
      /^PostgreSQL at db\.example\.org:5433 does not support TLS, .*sslmode .* Set ssl = on/,
    ],
    [
      'an unknown authority',
      ofStore({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }),
      POSTGRES,
      /in sslrootcert of DATABASE_URL, or in NODE_EXTRA_CA_CERTS\.$/,
    ],
    [
      'no socket of PostgreSQL',
      ofStore({ code: 'ENOENT', syscall: 'connect', address: '/run/.s.PGSQL.5432' }),
      POSTGRES,
      /listens at the socket \/run\/\.s\.PGSQL\.5432,/,
    ],
    [
      'no certificate of the authority',
      ofStore({ code: 'ENOENT', syscall: 'open', path: '/ca.crt' }),
      POSTGRES,
      /^The file \/ca\.crt, which DATABASE_URL names, cannot be read\./,
    ],
    [
      'an expired certificate',
      ofStore({ code: 'CERT_HAS_EXPIRED' }),
      POSTGRES,
      /DATABASE_URL: its certificate has expired/,
    ],
  ])('%s', (_name, error, environment, description) => {
    expect(describeFailure(error, Config.from(environment))).toMatch(description);
    expect(describeFailure(error, Config.from(environment))).not.toContain('canary');
    expect(describeFailure(error)).not.toMatch(/canary|undefined/);
  });

  it('the oldest supported PostgreSQL is accepted', () => {
    expect(() => {
      expectSupportedVersion([{ version: 130_000 }]);
    }).not.toThrow();
  });

  it('any other failure by its own message', () => {
    const error = new Error('the message', { cause: listen('EADDRINUSE') });

    expect(describeFailure(error, Config.from({}))).toBe('the message');
  });
});
