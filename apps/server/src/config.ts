import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { Expose, plainToInstance, Transform } from 'class-transformer';
import {
  IsIn,
  IsOptional,
  IsUrl,
  Matches,
  Max,
  Min,
  IsInt,
  ValidateBy,
  validateSync,
  type ValidationError,
  type ValidationOptions,
} from 'class-validator';
import { IsId } from '@clientele/model';
import { distance } from 'fastest-levenshtein';
import ipaddr from 'ipaddr.js';
import { tracingConfig, type TracingConfig } from './observability/tracing-config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const ENCRYPTION_KEYS = /^[A-Za-z0-9_-]{43}(,[A-Za-z0-9_-]{43})*$/;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Makes a number of a setting that is one, and leaves everything else to validation. */
function ToNumber(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
  );
}

/** A whole number in a range; a number, where it is not called otherwise. */
function IsNumberBetween(least: number, most: number, called = 'a number'): PropertyDecorator {
  const options = { message: `${called} from ${least} to ${most}` };
  const decorators = [ToNumber(), IsInt(options), Min(least, options), Max(most, options)];
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}

/** IP addresses and networks, separated by commas. */
function IsNetworks(options: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown) =>
    typeof value === 'string' &&
    value.split(',').every((each) => (each.includes('/') ? ipaddr.isValidCIDR(each) : isIP(each) !== 0));
  return ValidateBy({ name: 'isNetworks', validator: { validate } }, options);
}

/** The settings as they stand in the environment, with their defaults. */
export class Settings {
  /** Address to listen on. */
  @Expose()
  @Matches(/^[A-Za-z0-9._:-]+$/, { message: 'an IP address or a host name' })
  HOST = '127.0.0.1';

  /** Port to listen on; 0 takes a free one. */
  @Expose()
  @IsNumberBetween(0, 65_535, 'a port number')
  PORT = 3000;

  /** Port of `/metrics` and `/health/*`, where they shall not be on the main one; 0 takes a free one. */
  @Expose()
  @IsOptional()
  @IsNumberBetween(0, 65_535, 'a port number')
  MANAGEMENT_PORT?: number;

  /** Public base of every absolute URL that is given out. */
  @Expose()
  @IsOptional()
  @IsUrl(
    {
      protocols: ['http', 'https'],
      require_protocol: true,
      require_tld: false,
      allow_query_components: false,
      allow_fragments: false,
      disallow_auth: true,
    },
    { message: 'an http or https URL without user, query and fragment, https://clients.example.com for example' },
  )
  BASE_URL?: string;

  /** Where the clients are kept; a SQLite file in `DATA_DIR` when unset. */
  @Expose()
  @IsOptional()
  @Matches(/^(sqlite:.+|postgres(ql)?:\/\/.+)/, {
    message: 'postgres://user:password@host:port/database, sqlite:<path> or sqlite::memory:',
  })
  DATABASE_URL?: string;

  /** Connections to PostgreSQL at most. */
  @Expose()
  @IsNumberBetween(1, 1000)
  DATABASE_CONNECTIONS = 10;

  /** Whether the server brings the schema of a PostgreSQL database up to date when it starts; an embedded one always is. */
  @Expose()
  @IsIn(['true', 'false'], { message: 'true or false' })
  AUTO_MIGRATE = 'false';

  /** Folder of the embedded database and its encryption key. */
  @Expose()
  DATA_DIR = './data';

  /** Encrypts client secrets at rest; made in `DATA_DIR` on first start when unset. PostgreSQL needs it to be set. */
  @Expose()
  @IsOptional()
  @Matches(ENCRYPTION_KEYS, {
    message: '32 bytes in base64url (43 characters); several, separated by commas: the first encrypts, all decrypt',
  })
  ENCRYPTION_KEY?: string;

  /** ID of the service that is made on an empty store. */
  @Expose()
  @ToNumber()
  @IsOptional()
  @IsId({ message: 'a positive integer below 2^53' })
  BOOTSTRAP_SERVICE_ID?: number;

  /** API access token, with every right, that is made on an empty store. */
  @Expose()
  @IsOptional()
  @Matches(/^[A-Za-z0-9\-._~+/]+=*$/, { message: 'a bearer token: letters, digits and -._~+/ (RFC 6750 section 2.1)' })
  BOOTSTRAP_ACCESS_TOKEN?: string;

  /** Whether documents of clients may be fetched from this machine, by plain http too. For development only. */
  @Expose()
  @IsIn(['true', 'false'], { message: 'true or false' })
  ALLOW_LOOPBACK_FETCH = 'false';

  /** Addresses and networks of the proxies before this server: from them `X-Forwarded-For` says who the caller is. */
  @Expose()
  @IsOptional()
  @IsNetworks({ message: 'IP addresses or networks separated by commas, 10.0.0.0/8,192.0.2.7 for example' })
  TRUSTED_PROXIES?: string;

  /** Requests a minute of client applications from one address (IPv6: one /64 network); 0 for no limit. */
  @Expose()
  @IsNumberBetween(0, 1_000_000)
  RATE_LIMIT_PER_ADDRESS = 300;

  /** Requests a minute of client applications to one service, in each process of the server; 0 for no limit. */
  @Expose()
  @IsNumberBetween(0, 1_000_000)
  RATE_LIMIT_PER_SERVICE = 6000;

  /** Requests that are worked on at the same time; more are answered 503 with `Retry-After`, unread. 0 for no limit. */
  @Expose()
  @IsNumberBetween(0, 1_000_000)
  MAX_IN_FLIGHT = 100;

  /** Connections at the same time; more are closed as they come. 0 for no limit. */
  @Expose()
  @IsNumberBetween(0, 1_000_000)
  MAX_CONNECTIONS = 4096;

  /** Milliseconds in which the headers of a request must have arrived. */
  @Expose()
  @IsNumberBetween(100, 600_000)
  HEADERS_TIMEOUT = 10_000;

  /** Milliseconds in which a request must have arrived, its headers too. */
  @Expose()
  @IsNumberBetween(100, 600_000)
  REQUEST_TIMEOUT = 30_000;

  /** Milliseconds for which a connection without a request is kept; longer than a proxy before the server keeps one. */
  @Expose()
  @IsNumberBetween(100, 600_000)
  KEEP_ALIVE_TIMEOUT = 72_000;

  /** Milliseconds for which a server that was told to stop goes on as before, for those who still send callers here. */
  @Expose()
  @IsNumberBetween(0, 60_000)
  SHUTDOWN_DELAY = 0;

  /** The least important log lines to write. */
  @Expose()
  @IsIn(LOG_LEVELS, { message: `one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL: (typeof LOG_LEVELS)[number] = 'info';
}

/** Settings that can be given as the path of a file, in `NAME_FILE`. */
export const SECRETS = ['DATABASE_URL', 'ENCRYPTION_KEY', 'BOOTSTRAP_ACCESS_TOKEN'];

const SETTING_NAMES = Object.keys(
  plainToInstance(Settings, {}, { excludeExtraneousValues: true, exposeDefaultValues: true }),
);

const NAMES = [...SETTING_NAMES, ...SECRETS.map((name) => `${name}_FILE`)];

/** Which engine keeps the clients, and where. */
export type DatabaseConfig =
  /** The file, or `:memory:`. */
  | { readonly engine: 'sqlite'; readonly path: string }
  | { readonly engine: 'postgresql'; readonly url: string; readonly connections: number };

/** How many callers there may be, and how long each may take: milliseconds. */
export interface ConnectionLimits {
  /** Connections at the same time; infinite for no limit. */
  readonly most: number;
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
}

/** What the server needs to know before it starts. */
export class Config {
  readonly host: string;
  /** 0 where any free port will do. */
  readonly port: number;
  /** `undefined` where the management endpoints are on the main port. */
  readonly managementPort: number | undefined;
  /** The public base URL without a slash at its end; `undefined` stands for the address that the server listens on. */
  readonly baseUrl: string | undefined;
  readonly dataDir: string;
  readonly database: DatabaseConfig;
  /** Whether the server migrates a PostgreSQL database by itself. */
  readonly autoMigrate: boolean;
  /** Keys of 32 bytes, the first encrypts; `undefined` where a key is kept in the data directory. */
  readonly encryptionKeys: readonly Buffer[] | undefined;
  readonly bootstrapServiceId: number | undefined;
  readonly bootstrapAccessToken: string | undefined;
  /** Whether documents of clients may come from loopback addresses. */
  readonly allowLoopbackFetch: boolean;
  /** Addresses and networks. */
  readonly trustedProxies: readonly string[];
  /** Requests a minute on the protocol plane; 0 for no limit. */
  readonly rateLimits: { readonly perAddress: number; readonly perService: number };
  /** Requests that are worked on at the same time; infinite for no limit. */
  readonly maxInFlight: number;
  readonly connections: ConnectionLimits;
  /** Milliseconds between the signal to stop and the end of accepting connections. */
  readonly shutdownDelay: number;
  readonly logLevel: string;
  /** How traces are sent; `undefined` where they are not. */
  readonly tracing: TracingConfig | undefined;

  private constructor(settings: Settings, tracing: TracingConfig | undefined) {
    this.host = settings.HOST;
    this.port = settings.PORT;
    this.managementPort = settings.MANAGEMENT_PORT;
    this.baseUrl = settings.BASE_URL?.replace(/\/+$/, '');
    this.dataDir = settings.DATA_DIR;
    this.database = databaseOf(settings);
    this.autoMigrate = settings.AUTO_MIGRATE === 'true';
    this.encryptionKeys = settings.ENCRYPTION_KEY?.split(',').map((key) => Buffer.from(key, 'base64url'));
    this.bootstrapServiceId = settings.BOOTSTRAP_SERVICE_ID;
    this.bootstrapAccessToken = settings.BOOTSTRAP_ACCESS_TOKEN;
    this.allowLoopbackFetch = settings.ALLOW_LOOPBACK_FETCH === 'true';
    this.trustedProxies = settings.TRUSTED_PROXIES?.split(',') ?? [];
    this.rateLimits = { perAddress: settings.RATE_LIMIT_PER_ADDRESS, perService: settings.RATE_LIMIT_PER_SERVICE };
    this.maxInFlight = settings.MAX_IN_FLIGHT || Infinity;
    this.connections = {
      most: settings.MAX_CONNECTIONS || Infinity,
      headersTimeout: Math.min(settings.HEADERS_TIMEOUT, settings.REQUEST_TIMEOUT),
      requestTimeout: settings.REQUEST_TIMEOUT,
      keepAliveTimeout: settings.KEEP_ALIVE_TIMEOUT,
    };
    this.shutdownDelay = settings.SHUTDOWN_DELAY;
    this.logLevel = settings.LOG_LEVEL;
    this.tracing = tracing;
  }

  /** Reads and checks the environment. Throws `ConfigError` that names every wrong or misspelt setting. */
  static from(environment: Environment): Config {
    return new Config(readSettings(environment), tracingConfig(environment).tracing);
  }
}

/** A setting as it is taken from the environment. */
export interface TakenSetting {
  readonly name: string;
  /** With its default; `undefined` where it has none and is not set. */
  readonly value: string | number | undefined;
  readonly source: 'default' | 'environment' | 'file';
  /** The file that holds it. */
  readonly file?: string;
}

/** Every setting, secrets as they are. Throws `ConfigError` as `Config.from` does. */
export function takenSettings(environment: Environment): readonly TakenSetting[] {
  const settings = readSettings(environment);
  return SETTING_NAMES.map((name) => {
    const value = settings[name as keyof Settings];
    const file = SECRETS.includes(name) ? environment[`${name}_FILE`] : undefined;
    if (environment[name]) return { name, value, source: 'environment' };
    return file ? { name, value, source: 'file', file } : { name, value, source: 'default' };
  });
}

function readSettings(environment: Environment): Settings {
  const values = withFiles(environment);
  const settings = plainToInstance(Settings, values, { excludeExtraneousValues: true, exposeDefaultValues: true });
  const { problems: ofTracing } = tracingConfig(environment);
  const problems = [...misspelt(environment), ...validateSync(settings).map(describe), ...ofTracing];
  if (problems.length > 0) throw new ConfigError(problems);
  return settings;
}

function databaseOf({ DATABASE_URL: url, DATABASE_CONNECTIONS: connections, DATA_DIR }: Settings): DatabaseConfig {
  if (url === undefined) return { engine: 'sqlite', path: join(DATA_DIR, 'clientele.db') };
  if (!url.startsWith('sqlite:')) return { engine: 'postgresql', url, connections };
  return { engine: 'sqlite', path: url.slice('sqlite:'.length) };
}

/** The configuration cannot be used; the message has one line for each reason. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** The environment with the contents of files in the place of their paths, and without empty settings. */
function withFiles(environment: Environment): Environment {
  const values: Record<string, string | undefined> = {};
  for (const name of NAMES) if (environment[name]) values[name] = environment[name];
  for (const name of SECRETS) {
    const path = values[`${name}_FILE`];
    if (path === undefined) continue;
    if (values[name] !== undefined) throw new ConfigError([`${name} and ${name}_FILE are both set. Keep one of them.`]);
    try {
      values[name] = readFileSync(path, 'utf8').trim();
    } catch (error) {
      throw new ConfigError([
        `${name}_FILE: cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
      ]);
    }
  }
  return values;
}

/** One line for each variable that is nearly, but not quite, the name of a setting. */
function misspelt(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => !NAMES.includes(name))
    .flatMap((name) => {
      const meant = NAMES.find((known) => isNearly(name, known));
      return meant === undefined ? [] : [`${name} is not a setting. Did you mean ${meant}?`];
    });
}

/** Short names (HOST, PORT) have neighbours that mean something else; only their own letters in another order or case count. */
function isNearly(name: string, known: string): boolean {
  if (name.toUpperCase() === known) return true;
  if (known.length < 7) return sortedLetters(name) === sortedLetters(known);
  return distance(name, known) <= 2;
}

function sortedLetters(name: string): string {
  return Array.from(name).sort().join('');
}

function describe({ property, constraints }: ValidationError): string {
  return `${property} must be ${Object.values(constraints ?? {})[0] ?? 'valid'}.`;
}
