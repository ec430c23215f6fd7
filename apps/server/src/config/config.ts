import { join } from 'node:path';
import { plainToInstance } from 'class-transformer';
import { IsArray, IsIn, IsOptional, Matches, validateSync, type ValidationError } from 'class-validator';
import { IsId } from '@clientele/model';
import { PROTOCOL_REGISTRATION, type ProtocolRegistration } from '@clientele/model/metadata';
import { withoutTrailingSlashes } from '@clientele/model/wire';
import { ConfigError, fileVariableOf, textsIn, type Environment } from './environment.ts';
import { hostOf, isLoopbackHost, isUnspecified } from './hosts.ts';
import {
  AreNetworks,
  BooleanSetting,
  HasSslMode,
  IsDatabaseUrl,
  IsHost,
  IsPublicUrl,
  NamesHost,
  NumberSetting,
  Setting,
  SETTINGS,
  SSL_MODES,
  toNumber,
} from './setting.ts';
import { tracingConfig, type OtlpProtocol } from './tracing-config.ts';

const ENCRYPTION_KEYS = /^[A-Za-z0-9_-]{43}(,[A-Za-z0-9_-]{43})*$/;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The engine and the location of the store. */
export type DatabaseConfig =
  /** The path of a file, or `:memory:`. */
  | { readonly engine: 'sqlite'; readonly path: string }
  | { readonly engine: 'postgresql'; readonly url: string; readonly connections: number };

/**
 * The configuration of the server. A property with `@Setting` is a variable of the environment, in capitals
 * unless the decorator names another: `baseUrl` is `BASE_URL`.
 */
export class Config {
  /** Address to listen on. */
  @Setting()
  @IsHost({ message: 'an IP address or a host name' })
  readonly host: string = '127.0.0.1';

  /** Port to listen on. 0 takes a free port. */
  @NumberSetting(0, 65_535, 'a port number')
  readonly port: number = 3000;

  /** Port of `/metrics` and `/health/*`, if they must not be on the main port. 0 takes a free port. */
  @IsOptional()
  @NumberSetting(0, 65_535, 'a port number')
  readonly managementPort?: number;

  /** Public base of every absolute URL that the server gives out; `http://HOST:PORT` if unset. */
  @Setting({ convert: (text) => withoutTrailingSlashes(text) })
  @IsOptional()
  @NamesHost({ message: 'the URL at which callers reach the server, so not 0.0.0.0 or [::]' })
  @IsPublicUrl({
    message:
      'an http or https URL of ASCII characters, without user, query, fragment, and empty or dot segments, for example https://clients.example.com',
  })
  readonly baseUrl?: string;

  /** Database of the store; a SQLite file in `DATA_DIR` if unset. */
  @Setting({ secret: true })
  @IsOptional()
  @HasSslMode({ message: `a URL whose sslmode, if it has one, is one of ${SSL_MODES.join(', ')}` })
  @IsDatabaseUrl({
    message:
      'postgres://user:password@host:port/database, with / ? # % @ and : of user and password percent-encoded (@ is %40), ' +
      'sqlite:<path> or sqlite::memory:',
  })
  readonly databaseUrl?: string;

  /** Largest number of connections to PostgreSQL. */
  @NumberSetting(1, 1000)
  readonly databaseConnections: number = 10;

  /** Whether the server migrates the schema of a PostgreSQL database when it starts. It always migrates an embedded database. */
  @BooleanSetting()
  readonly autoMigrate: boolean = false;

  /** Folder of the embedded database and of its encryption key. */
  @Setting()
  readonly dataDir: string = './data';

  /** Keys that encrypt client secrets at rest. If unset, the first start creates one in `DATA_DIR`; PostgreSQL requires the setting. */
  @Setting({ name: 'ENCRYPTION_KEY', secret: true, convert: toKeys })
  @IsOptional()
  @IsArray({
    message: '32 bytes in base64url (43 characters); several, separated by commas: the first encrypts, all decrypt',
  })
  readonly encryptionKeys?: readonly Buffer[];

  /** ID of the service that the server creates in an empty store. */
  @Setting({ convert: toNumber })
  @IsOptional()
  @IsId({ message: 'a positive integer below 2^53' })
  readonly bootstrapServiceId?: number;

  /** API access token with every right that the server creates in an empty store. */
  @Setting({ secret: true })
  @IsOptional()
  @Matches(/^(?=.{32})[A-Za-z0-9\-._~+/]+=*$/, {
    message:
      'a bearer token (RFC 6750 section 2.1) of at least 32 letters, digits and -._~+/; this command prints one: openssl rand -hex 32',
  })
  readonly bootstrapAccessToken?: string;

  /**
   * Decides who may register at the first service on the protocol plane: anybody, holders of an initial access token, or nobody. If unset,
   * `open` if `BASE_URL` is on this machine (or `HOST`, if it is unset too), else `initial-access-token`.
   */
  @Setting()
  @IsOptional()
  @IsIn(Object.keys(PROTOCOL_REGISTRATION), { message: 'open, initial-access-token or off' })
  readonly bootstrapRegistration?: keyof typeof PROTOCOL_REGISTRATION;

  /** Whether the server may fetch documents of clients from this machine, also by http. For development only. */
  @BooleanSetting()
  readonly allowLoopbackFetch: boolean = false;

  /** Addresses and networks of the proxies in front of this server. `X-Forwarded-For` from them names the caller. */
  @Setting({ convert: (text) => text.split(',') })
  @AreNetworks({ message: 'IP addresses or networks separated by commas, for example 10.0.0.0/8,192.0.2.7' })
  readonly trustedProxies: readonly string[] = [];

  /** Requests per minute of client applications from one address (IPv6: one /64 network), unless it is this machine, in each process. 0 sets no limit. */
  @NumberSetting(0, 1_000_000)
  readonly rateLimitPerAddress: number = 300;

  /** Requests per minute of client applications to one service, in each process of the server. 0 sets no limit. */
  @NumberSetting(0, 1_000_000)
  readonly rateLimitPerService: number = 6000;

  /** Clients that can register in a day (UTC) at one service without an initial access token on the protocol plane. 0 sets no limit. */
  @NumberSetting(0, 1_000_000_000)
  readonly openRegistrationsPerDay: number = 10_000;

  /** Updates in a day (UTC) at one service on the protocol plane by all clients without an initial access token. 0 sets no limit. */
  @NumberSetting(0, 1_000_000_000)
  readonly openUpdatesPerDay: number = 10_000;

  /** Updates in a day (UTC) by one client of its own registration that change something. 0 sets no limit. */
  @NumberSetting(0, 1_000_000_000)
  readonly updatesPerClientPerDay: number = 1000;

  /** Requests in progress at the same time. Further ones get 503 with `Retry-After`, unread. 0 sets no limit. */
  @NumberSetting(0, 1_000_000)
  readonly maxInFlight: number = 100;

  /** Open connections at the same time. A further one closes the one that has waited longest for its caller. 0 sets no limit. */
  @NumberSetting(0, 1_000_000)
  readonly maxConnections: number = 4096;

  /** Open connections from one address (IPv6: one /64 network), unless it is a trusted proxy or this machine. 0 sets no limit. */
  @NumberSetting(0, 1_000_000)
  readonly maxConnectionsPerAddress: number = 256;

  /** Bytes of request bodies that are still arriving, at the same time. One address can use an eighth of them. */
  @NumberSetting(1_048_576, 1_000_000_000_000)
  readonly maxBodyBytes: number = 67_108_864;

  /** Milliseconds within which the headers of a request must arrive. */
  @NumberSetting(100, 600_000)
  readonly headersTimeout: number = 10_000;

  /** Milliseconds within which a whole request must arrive. */
  @NumberSetting(100, 600_000)
  readonly requestTimeout: number = 30_000;

  /** Milliseconds for which a connection without a request stays open. Set it longer than that of a proxy in front of the server. */
  @NumberSetting(100, 600_000)
  readonly keepAliveTimeout: number = 72_000;

  /** Milliseconds for which the server goes on accepting requests after the signal to stop. */
  @NumberSetting(0, 60_000)
  readonly shutdownDelay: number = 0;

  /** Least severe level of lines in the log. */
  @Setting()
  @IsIn(LOG_LEVELS, { message: `one of ${LOG_LEVELS.join(', ')}` })
  readonly logLevel: (typeof LOG_LEVELS)[number] = 'info';

  /** Protocol of traces, from the variables of OpenTelemetry; `undefined` if the server sends none. */
  readonly tracing: OtlpProtocol | undefined;

  /** Reads and checks the environment. Throws `ConfigError` that names every wrong setting. */
  static from(environment: Environment): Config {
    const options = { excludeExtraneousValues: true, exposeDefaultValues: true };
    const config = plainToInstance(Config, textsIn(environment), options);
    const { tracing, problems } = tracingConfig(environment);
    const all = [...validateSync(config).map(describe), ...sharedPort(config), ...problems];
    if (all.length > 0) throw new ConfigError(all);
    return Object.assign(config, { tracing });
  }

  /** As `from`, and checks what only a server needs. */
  static forServer(environment: Environment): Config {
    const config = Config.from(environment);
    if (config.baseUrl === undefined && isUnspecified(config.host)) {
      throw new ConfigError([
        `BASE_URL must be set because HOST is ${config.host}, which is no address for callers. Set BASE_URL to the URL at which callers reach the server.`,
      ]);
    }
    return config;
  }

  /** Returns who may register on the protocol plane of a new service. */
  get protocolRegistration(): ProtocolRegistration {
    if (this.bootstrapRegistration !== undefined) return PROTOCOL_REGISTRATION[this.bootstrapRegistration];
    const host = this.baseUrl === undefined ? this.host : hostOf(this.baseUrl);
    return isLoopbackHost(host) ? 'OPEN' : 'INITIAL_ACCESS_TOKEN';
  }

  get database(): DatabaseConfig {
    const { databaseUrl: url, databaseConnections: connections } = this;
    if (url === undefined) return { engine: 'sqlite', path: join(this.dataDir, 'clientele.db') };
    if (!url.startsWith('sqlite:')) return { engine: 'postgresql', url, connections };
    return { engine: 'sqlite', path: url.slice('sqlite:'.length) };
  }
}

/** A setting as `clientele config print` shows it. */
export interface PrintedSetting {
  readonly name: string;
  readonly secret: boolean;
  /** The value of the environment or the default; `undefined` if it has neither. */
  readonly value: string | number | undefined;
  readonly source: 'default' | 'environment' | 'file';
  /** Path of the file with the value. */
  readonly file?: string;
}

/** Every setting in use, with secrets in the clear. Throws `ConfigError` as `Config.from` does. */
export function printedSettings(environment: Environment): readonly PrintedSetting[] {
  const values = Config.from(environment) as unknown as Readonly<Record<string, unknown>>;
  const texts = textsIn(environment);
  return SETTINGS.map(({ name, property, secret }) => {
    const value =
      typeof values[property] === 'number' ? values[property] : (texts[name] ?? defaultText(values[property]));
    const file = environment[fileVariableOf(name)];
    if (texts[name] === undefined) return { name, secret, value, source: 'default' };
    return secret && file
      ? { name, secret, value, source: 'file', file }
      : { name, secret, value, source: 'environment' };
  });
}

/** A default as text; `undefined` for no value and for an empty list. */
function defaultText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The keys, or the text if it is not a list of keys. */
function toKeys(text: string): unknown {
  return ENCRYPTION_KEYS.test(text) ? text.split(',').map((key) => Buffer.from(key, 'base64url')) : text;
}

/** The problem of one port for two servers. 0 takes two free ports. */
function sharedPort({ port, managementPort }: Config): readonly string[] {
  if (port === 0 || port !== managementPort) return [];
  return ['MANAGEMENT_PORT must be another port than PORT.'];
}

function describe({ property, constraints }: ValidationError): string {
  const name = SETTINGS.find((setting) => setting.property === property)?.name ?? property;
  return `${name} must be ${Object.values(constraints ?? {})[0] ?? 'valid'}.`;
}
