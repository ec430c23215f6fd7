import { dirname, normalize } from 'node:path';
import type { Config } from './config.ts';

/** A failure that an administrator can correct. Contains no secrets. */
export interface KnownFailure {
  /** One sentence that names the setting or the file. */
  readonly reason: string;
  readonly remedy: string;
}

/** The properties of errors of Node.js, SQLite and PostgreSQL. */
interface SystemError {
  readonly code?: string;
  /** The result code of SQLite. */
  readonly errcode?: number;
  readonly message?: string;
  readonly syscall?: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
  readonly path?: string;
  /** The version of PostgreSQL. */
  readonly version?: string;
}

/** The oldest major version of PostgreSQL that the server supports. */
export const OLDEST_POSTGRESQL = 13;

/** The code of the error for an older one. */
export const OLD_POSTGRESQL = 'OLD_POSTGRESQL';

/** The code of the error for a store without a byte. */
export const EMPTY_STORE = 'EMPTY_STORE';

/** The code of the error for a store that is a folder or a device. */
export const NOT_A_FILE = 'NOT_A_FILE';

/** The code of the error for a database of another program. */
export const FOREIGN_DATABASE = 'FOREIGN_DATABASE';

type Settings = Pick<Config, 'database' | 'databaseUrl' | 'dataDir' | 'managementPort'>;

type Explanation = (error: SystemError, settings: Settings | undefined) => readonly [reason: string, remedy: string];

type Table = Readonly<Record<string, Explanation>>;

const unknownHost: Explanation = ({ hostname = '' }) => [
  `HOST is ${hostname}, for which this machine finds no address.`,
  'Set HOST to an IP address of this machine.',
];

/** Failures to listen. */
const LISTENING: Table = {
  EADDRINUSE: (error, settings) => [
    `${portSetting(error, settings)} is in use by another program at ${error.address ?? ''}:${error.port ?? ''}.`,
    `Stop that program, or set ${portSetting(error, settings)} to a free port.`,
  ],
  EADDRNOTAVAIL: ({ address = '' }) => [
    `HOST is ${address}, which is not an address of this machine.`,
    'Set HOST to an IP address of this machine.',
  ],
  EAFNOSUPPORT: ({ address = '' }) => [
    `HOST is ${address}, a kind of address that this machine does not support.`,
    'Set HOST to an IP address of this machine.',
  ],
  EINVAL: ({ address = '' }) => [
    `HOST is ${address}, on which this machine cannot listen, for example because it is a link-local address.`,
    'Set HOST to another IP address of this machine.',
  ],
  EACCES: (error, settings) => [
    `${portSetting(error, settings)} is ${error.port ?? ''}, on which the user of this process may not listen.`,
    `Set ${portSetting(error, settings)} to a port above 1023.`,
  ],
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
};

/** The code of the error of a PostgreSQL without TLS, if `DATABASE_URL` demands it. */
export const NO_TLS = 'NO_TLS';

const unknownDatabaseHost: Explanation = ({ hostname = '' }) => [
  `The host ${hostname} in DATABASE_URL is not found.`,
  'Correct DATABASE_URL, or the name service of this machine.',
];
const unreachable: Explanation = (_error, settings) => [
  `PostgreSQL cannot be reached${databaseHost(settings)}.`,
  'Check the host and the port in DATABASE_URL, and that PostgreSQL accepts connections there.',
];
const unusableFile: Explanation = ({ path, address = '' }) =>
  path === undefined
    ? [
        `No PostgreSQL listens at the socket ${address}, or the user of this process may not use it.`,
        'Correct the folder and the port in DATABASE_URL, or start PostgreSQL.',
      ]
    : [
        `The file ${path}, which DATABASE_URL names, cannot be read.`,
        'Correct DATABASE_URL, or let this user read it.',
      ];

const missingRight: Explanation = () => [
  'The user in DATABASE_URL lacks a right in its database.',
  'Make the user the owner of the database and of its tables, with all rights in the schema public.',
];

/** Failures to reach PostgreSQL. The codes of five characters are its own. */
const POSTGRESQL: Table = {
  ENOTFOUND: unknownDatabaseHost,
  EAI_AGAIN: unknownDatabaseHost,
  ECONNREFUSED: unreachable,
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENOENT: unusableFile,
  EACCES: unusableFile,
  '28000': () => [
    'PostgreSQL accepts no connection of this user from this machine, or none without TLS.',
    'Check the user and sslmode in DATABASE_URL, and pg_hba.conf of PostgreSQL. ' +
      'Its method peer needs a process of the user with the same name.',
  ],
  '28P01': () => [
    'PostgreSQL refuses the user or the password in DATABASE_URL.',
    'Correct DATABASE_URL. Percent-encode / ? # % @ and : in the password.',
  ],
  '3D000': () => [
    'The database in DATABASE_URL does not exist.',
    'Create it with createdb, or correct the name in DATABASE_URL.',
  ],
  '25006': () => [
    'PostgreSQL in DATABASE_URL is read-only.',
    'If it is a standby, let DATABASE_URL lead to the primary; otherwise set default_transaction_read_only = off in PostgreSQL.',
  ],
  '53300': () => [
    'PostgreSQL has no connection left for the user in DATABASE_URL.',
    'Set DATABASE_CONNECTIONS to less in each server, or raise max_connections of PostgreSQL and the connection limits of the role and of the database.',
  ],
  [NO_TLS]: (_error, settings) => [
    `PostgreSQL${databaseHost(settings)} does not support TLS, which sslmode in DATABASE_URL demands.`,
    'Set ssl = on in PostgreSQL, or remove sslmode if the network between is trusted.',
  ],
  '3F000': missingRight,
  '42501': missingRight,
  [OLD_POSTGRESQL]: ({ version = '' }) => [
    `DATABASE_URL names PostgreSQL ${version}; this server needs version ${OLDEST_POSTGRESQL} or later.`,
    'Upgrade PostgreSQL.',
  ],
};

const noFolder: Explanation = ({ path = '' }, settings) => [
  `${path} is needed as a folder, but is a file or lies below one.`,
  `Move that file away${orOtherPlace(path, settings)}.`,
];
const notAllowed: Explanation = ({ path = '' }, settings) => [
  `The user of this process may not use ${path}.`,
  `Make that user its owner${orOtherPlace(path, settings)}.`,
];
const diskFull: Explanation = ({ path = '' }, settings) => [
  `The disk${path && ` of ${path}`} is full.`,
  `Free space on it${orOtherPlace(path, settings)}.`,
];
const cannotCreate =
  (cause: string): Explanation =>
  ({ path = '' }, settings) => [
    `The folder ${path} cannot be created: ${cause}.`,
    `Create it, with the user of this process as its owner${orOtherPlace(path, settings)}.`,
  ];

/** Failures to create a folder. */
const FOLDERS: Table = {
  ENOENT: cannotCreate('the file system refuses it'),
  EACCES: cannotCreate('the user of this process may not write to the folder above it'),
  EPERM: cannotCreate('the user of this process may not write to the folder above it'),
  EROFS: cannotCreate('the file system is read-only'),
};

/** Failures to use a file or folder. */
const FILES: Table = {
  EEXIST: noFolder,
  ENOTDIR: noFolder,
  EACCES: notAllowed,
  EPERM: notAllowed,
  EROFS: ({ path = '' }, settings) => [
    `${path} is on a read-only file system.`,
    `Make it writable${orOtherPlace(path, settings)}.`,
  ],
  ENOENT: ({ path = '' }) => [`There is no file or folder ${path}.`, 'Create it, or correct the path.'],
  ENOSPC: diskFull,
  EDQUOT: diskFull,
  [NOT_A_FILE]: ({ message = '' }) => [message, 'Set DATABASE_URL to the path of a file.'],
  [EMPTY_STORE]: ({ path = '' }) => [
    `The store ${path} is an empty file.`,
    'If it had clients, restore a backup. If not, remove it: the next start of the server creates the store.',
  ],
};

const foreignDatabase: Explanation = ({ message = '' }, settings) => [
  message,
  settings?.database.engine === 'postgresql'
    ? 'Set DATABASE_URL to a database that only Clientele uses, or complete the restore. Nothing was changed.'
    : 'Set DATABASE_URL or DATA_DIR to the store of Clientele, or to a place without one. Nothing was changed.',
];

const damaged =
  (what: string): Explanation =>
  (_error, settings) => [
    `The ${store(settings)} ${what}.`,
    "Move it away with its -wal and -shm files, and restore a backup with 'clientele restore'.",
  ];
const notWritable: Explanation = (_error, settings) => [
  `The ${store(settings)} cannot be opened for writing.`,
  'Make its disk, its folder and all files in it writable for the user of this process' +
    `${orOtherPlace(storePath(settings), settings)}.`,
];

/** Primary result codes of SQLite. */
const SQLITE: Table = {
  '8': notWritable, // READONLY
  // IOERR
  '10': (_error, settings) => [
    `The disk of the ${store(settings)} failed.`,
    'Check its free space, its limits and its health.',
  ],
  '11': damaged('is damaged'), // CORRUPT
  // FULL
  '13': (_error, settings) => [
    `The disk of the ${store(settings)} is full.`,
    `Free space on it${orOtherPlace(storePath(settings), settings)}.`,
  ],
  '14': notWritable, // CANTOPEN
  '26': damaged('is not a database, or is damaged'), // NOTADB
};

/** The variable of Node.js with a file of further authorities. */
const AUTHORITIES = 'NODE_EXTRA_CA_CERTS';

const selfSigned = [
  'its certificate is self-signed',
  `Use a certificate of an authority that this machine trusts, or name yours in ${AUTHORITIES}.`,
] as const;
const unknownAuthority = [
  'its certificate is of an authority that this machine does not trust, or lacks its chain',
  `Install the certificate with its chain, or name your own authority in ${AUTHORITIES}.`,
] as const;
const withoutTls = ['it does not use TLS at this port', 'Correct the port, or use http.'] as const;

/** Failures of TLS: the problem of the other server, without a subject, and the remedy. */
const CERTIFICATES: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  CERT_HAS_EXPIRED: ['its certificate has expired', 'Renew the certificate, and check the clock of this machine.'],
  CERT_NOT_YET_VALID: ['its certificate is not valid yet', 'Check the clock of this machine, then the certificate.'],
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: selfSigned,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'its certificate is for another name',
    'Install a certificate for this name, or correct the name in the URL.',
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: withoutTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: withoutTls,
};

/** The problem of a server whose certificate cannot be verified, and the remedy; `undefined` for other failures. */
export function certificateProblem(error: unknown): { readonly problem: string; readonly remedy: string } | undefined {
  const [problem, remedy] = CERTIFICATES[(error as SystemError | undefined)?.code ?? ''] ?? [];
  return problem === undefined || remedy === undefined ? undefined : { problem, remedy };
}

/** The cause and the remedy of a failure of the system, SQLite or PostgreSQL; `undefined` if it is not known. */
export function knownFailure(error: unknown, ofPostgres: boolean, settings?: Settings): KnownFailure | undefined {
  const failure = error as SystemError;
  const certificate = ofPostgres ? certificateProblem(error) : undefined;
  if (certificate !== undefined)
    return {
      reason: `PostgreSQL in DATABASE_URL: ${certificate.problem}.`,
      remedy: certificate.remedy.replace(AUTHORITIES, `sslrootcert of DATABASE_URL, or in ${AUTHORITIES}`),
    };
  const [reason, remedy] = explanationOf(failure, ofPostgres)?.(failure, settings) ?? [];
  return reason === undefined || remedy === undefined ? undefined : { reason, remedy };
}

function explanationOf(error: SystemError, ofPostgres: boolean): Explanation | undefined {
  const { code = '', syscall, path } = error;
  if (code === FOREIGN_DATABASE) return foreignDatabase;
  const sqlite = sqliteCodeOf(error);
  if (sqlite !== undefined) return SQLITE[String(sqlite)];
  if (ofPostgres) return POSTGRESQL[code];
  if (syscall === 'listen' || syscall === 'bind' || syscall === 'getaddrinfo') return LISTENING[code];
  if (path === undefined) return undefined;
  return (syscall === 'mkdir' ? FOLDERS[code] : undefined) ?? FILES[code];
}

/** The texts of SQLite for its primary result codes: on Node 20, the errors of some statements have no code. */
const SQLITE_CODES: Readonly<Record<string, number>> = {
  'database is locked': 5,
  'attempt to write a readonly database': 8,
  'disk I/O error': 10,
  'database disk image is malformed': 11,
  'database or disk is full': 13,
  'unable to open database file': 14,
  'file is not a database': 26,
};

/** The primary result code of an error of SQLite. */
export function sqliteCodeOf({ code, errcode, message = '' }: SystemError): number | undefined {
  if (errcode !== undefined) return errcode & 0xff;
  return code === 'ERR_SQLITE_ERROR' ? SQLITE_CODES[message] : undefined;
}

function portSetting({ port }: SystemError, settings: Settings | undefined): string {
  return port !== undefined && port === settings?.managementPort ? 'MANAGEMENT_PORT' : 'PORT';
}

/** The host and port in DATABASE_URL. */
function databaseHost(settings: Settings | undefined): string {
  const { database } = settings ?? {};
  return database?.engine === 'postgresql' ? ` at ${new URL(database.url).host || 'its socket'}` : '';
}

function storePath(settings: Settings | undefined): string {
  return settings?.database.engine === 'sqlite' ? settings.database.path : '';
}

function store(settings: Settings | undefined): string {
  return `store ${storePath(settings)}`.trimEnd();
}

/** The remedy to use another path, if a setting gives this one. */
function orOtherPlace(path: string, settings: Settings | undefined): string {
  if (settings === undefined) return '';
  const { databaseUrl, dataDir } = settings;
  const file = storePath(settings);
  if (databaseUrl !== undefined && file !== '' && (path === file || path === dirname(file)))
    return ', or set DATABASE_URL to another file';
  return isWithin(path, dataDir) || isWithin(dataDir, path) ? ', or set DATA_DIR to another folder' : '';
}

/** Whether a path is that of a folder, or below it. */
function isWithin(path: string, folder: string): boolean {
  const [inner, outer] = [path, folder].map((each) => `${normalize(each).replace(/\/$/, '')}/`) as [string, string];
  return inner.startsWith(outer);
}
