import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from './config.ts';
import { ConfigError, misspeltNames, type Environment } from './environment.ts';

const KEY = 'A'.repeat(43);
const OTHER_KEY = 'B'.repeat(43);
const TOKEN = `aZ09-._~+/${'x'.repeat(20)}==`;

/** The lines of the error message for an invalid environment. */
function problemsOf(environment: Environment, read = (each: Environment) => Config.from(each)): string[] {
  try {
    read(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

const POSTGRES = 'postgres://clientele:password@db.example.org:5432/clientele?sslmode=verify-full';

describe('Config', () => {
  it('has a default for everything', () => {
    expect(Config.from({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      dataDir: './data',
      database: { engine: 'sqlite', path: join('data', 'clientele.db') },
      autoMigrate: false,
      allowLoopbackFetch: false,
      trustedProxies: [],
      rateLimitPerAddress: 300,
      rateLimitPerService: 6000,
      maxInFlight: 100,
      maxConnections: 4096,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 72_000,
      shutdownDelay: 0,
      logLevel: 'info',
    });
  });

  const accepted: [string, string, keyof Config, unknown][] = [
    ['HOST', '0.0.0.0', 'host', '0.0.0.0'],
    ['HOST', '::1', 'host', '::1'],
    ['HOST', 'clients.internal', 'host', 'clients.internal'],
    ['PORT', '0', 'port', 0],
    ['PORT', '65535', 'port', 65_535],
    ['BASE_URL', 'https://clients.example.org', 'baseUrl', 'https://clients.example.org'],
    ['BASE_URL', 'https://example.org/clients///', 'baseUrl', 'https://example.org/clients'],
    ['BASE_URL', 'https://example.org/.a/b..', 'baseUrl', 'https://example.org/.a/b..'],
    ['BASE_URL', 'http://localhost:3000', 'baseUrl', 'http://localhost:3000'],
    ['BASE_URL', 'http://[::1]:3000/', 'baseUrl', 'http://[::1]:3000'],
    ['DATA_DIR', '/var/lib/clientele', 'database', { engine: 'sqlite', path: '/var/lib/clientele/clientele.db' }],
    ['DATABASE_URL', 'sqlite:/var/lib/clients.db', 'database', { engine: 'sqlite', path: '/var/lib/clients.db' }],
    ['DATABASE_URL', 'sqlite:clients.db', 'database', { engine: 'sqlite', path: 'clients.db' }],
    ['DATABASE_URL', 'sqlite::memory:', 'database', { engine: 'sqlite', path: ':memory:' }],
    ['DATABASE_URL', POSTGRES, 'database', { engine: 'postgresql', url: POSTGRES, connections: 10 }],
    ['AUTO_MIGRATE', 'true', 'autoMigrate', true],
    ['TRUSTED_PROXIES', '10.0.0.0/8,::1,fd00::/8', 'trustedProxies', ['10.0.0.0/8', '::1', 'fd00::/8']],
    ['RATE_LIMIT_PER_ADDRESS', '0', 'rateLimitPerAddress', 0],
    ['RATE_LIMIT_PER_SERVICE', '1000000', 'rateLimitPerService', 1_000_000],
    ['ENCRYPTION_KEY', KEY, 'encryptionKeys', [Buffer.from(KEY, 'base64url')]],
    [
      'ENCRYPTION_KEY',
      `${KEY},${OTHER_KEY}`,
      'encryptionKeys',
      [Buffer.from(KEY, 'base64url'), Buffer.from(OTHER_KEY, 'base64url')],
    ],
    ['BOOTSTRAP_SERVICE_ID', '1', 'bootstrapServiceId', 1],
    ['BOOTSTRAP_SERVICE_ID', '9007199254740991', 'bootstrapServiceId', 2 ** 53 - 1],
    ['BOOTSTRAP_ACCESS_TOKEN', TOKEN, 'bootstrapAccessToken', TOKEN],
    ['BOOTSTRAP_REGISTRATION', 'off', 'protocolRegistration', 'OFF'],
    ['BOOTSTRAP_REGISTRATION', 'initial-access-token', 'protocolRegistration', 'INITIAL_ACCESS_TOKEN'],
    ['MAX_IN_FLIGHT', '1000', 'maxInFlight', 1000],
    ['MAX_IN_FLIGHT', '0', 'maxInFlight', 0],
    ['MAX_CONNECTIONS', '0', 'maxConnections', 0],
    ['HEADERS_TIMEOUT', '5000', 'headersTimeout', 5_000],
    ['REQUEST_TIMEOUT', '5000', 'requestTimeout', 5_000],
    ['KEEP_ALIVE_TIMEOUT', '100', 'keepAliveTimeout', 100],
    ['SHUTDOWN_DELAY', '5000', 'shutdownDelay', 5_000],
    ['LOG_LEVEL', 'silent', 'logLevel', 'silent'],
    ['LOG_LEVEL', 'trace', 'logLevel', 'trace'],
  ];

  it.each(accepted)('accepts %s=%s', (name, value, property, expected) => {
    expect(Config.from({ [name]: value })[property]).toEqual(expected);
  });

  it.each<[Environment, Config['protocolRegistration']]>([
    [{}, 'OPEN'],
    [{ HOST: '::1' }, 'OPEN'],
    [{ HOST: '0.0.0.0' }, 'INITIAL_ACCESS_TOKEN'],
    [{ HOST: '192.0.2.1' }, 'INITIAL_ACCESS_TOKEN'],
    [{ BASE_URL: 'https://clients.example.com' }, 'INITIAL_ACCESS_TOKEN'],
    [{ BASE_URL: 'https://localhost.example.com' }, 'INITIAL_ACCESS_TOKEN'],
    [{ BASE_URL: 'https://clients.example.com', BOOTSTRAP_REGISTRATION: 'open' }, 'OPEN'],
    ...['127.0.0.1', '127.8.0.1', '[::1]', 'localhost', 'as.localhost'].map((host): [Environment, 'OPEN'] => [
      { HOST: '0.0.0.0', BASE_URL: `http://${host}:3000` },
      'OPEN',
    ]),
  ])('with %j, gives %s to new services', (environment, expected) => {
    expect(Config.from(environment).protocolRegistration).toBe(expected);
  });

  const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.example.com:4318' };

  it.each<[Environment, Config['tracing']]>([
    [ENDPOINT, 'http/protobuf'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector.example.com/v1/traces' }, 'http/protobuf'],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http/protobuf'],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'http/json'],
    [
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf' },
      'http/protobuf',
    ],
    [{ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, undefined],
    [{ ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_TRACES_EXPORTER: '' }, undefined],
    [{ OTEL_SERVICE_NAME: 'x', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_ANYTHING: 'x' }, undefined],
  ])('reads the OpenTelemetry variables %j', (environment, tracing) => {
    expect(Config.from(environment).tracing).toBe(tracing);
  });

  it.each<[Environment, string]>([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'nonsense' }, 'OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https URL.'],
    [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://256.1.1.1:4318' },
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT must be an http or https URL.',
    ],
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER must be otlp or none.'],
    [
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      'OTEL_EXPORTER_OTLP_PROTOCOL must be one of http/protobuf, http/json.',
    ],
  ])('refuses the unsupported OpenTelemetry variables %j', (environment, problem) => {
    expect(problemsOf(environment)).toEqual([problem]);
  });

  it.each([...new Set(accepted.map(([name]) => name))])('treats an empty %s as not set', (name) => {
    expect(Config.from({ [name]: '' })).toEqual(Config.from({}));
  });

  const refused: [string, string][] = [
    ['HOST', 'a host'],
    ['HOST', '256.1.1.1'],
    ['HOST', ':'],
    ['HOST', '1:2'],
    ['HOST', 'fe80::1%eth0'],
    ['HOST', 'http://localhost'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['PORT', '0x50'],
    ['PORT', ' 80'],
    ['PORT', 'http'],
    ['BASE_URL', 'clients.example.org'],
    ['BASE_URL', '//clients.example.org'],
    ['BASE_URL', 'ftp://clients.example.org'],
    ['BASE_URL', 'https://user:password@clients.example.org'],
    ['BASE_URL', 'https://clients.example.org/?query'],
    ['BASE_URL', 'https://clients.example.org/#fragment'],
    ['BASE_URL', 'https://clients.example.org/\u0100'],
    ['BASE_URL', 'https://clients.example.org/%zz'],
    ['BASE_URL', 'https://clients.example.org/a/../b'],
    ['BASE_URL', 'https://clients.example.org/.%2E'],
    ['BASE_URL', 'https://clients.example.org//b'],
    ['BASE_URL', 'http://0.0.0.0:3000'],
    ['BASE_URL', 'http://[::]:3000'],
    ['DATABASE_URL', 'clients.db'],
    ['DATABASE_URL', 'sqlite:'],
    ['DATABASE_URL', 'mysql://localhost/clients'],
    ['DATABASE_URL', 'postgres://'],
    ['DATABASE_URL', 'postgres://db.example.org:99999/clients'],
    ['DATABASE_URL', 'postgres://user:100%@db.example.org/clients'],
    ['DATABASE_URL', 'postgres://user:canary#1@db.example.org/clients'],
    ['DATABASE_URL', 'postgres://user:canary/1@db.example.org/clients'],
    ['DATABASE_URL', 'postgres://user:12/canary@db.example.org/clients'],
    ['DATABASE_URL', 'postgres://user:12?canary@db.example.org/clients'],
    ['DATABASE_URL', 'postgres://db.example.org/clients?sslmode=bogus'],
    ['DATABASE_URL', 'postgres://db.example.org/clients?sslmode='],
    ['DATABASE_URL', 'postgres://db.example.org/clients?sslmode=allow&sslmode=disable'],
    ['DATABASE_CONNECTIONS', '0'],
    ['DATABASE_CONNECTIONS', '1001'],
    ['AUTO_MIGRATE', 'yes'],
    ['TRUSTED_PROXIES', 'proxy.example.org'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', '10.0.0.1, 10.0.0.2'],
    ['RATE_LIMIT_PER_ADDRESS', '-1'],
    ['RATE_LIMIT_PER_SERVICE', 'none'],
    ['ENCRYPTION_KEY', 'too-short'],
    ['ENCRYPTION_KEY', `${KEY}=`],
    ['ENCRYPTION_KEY', KEY.replace('A', '+')],
    ['ENCRYPTION_KEY', `${KEY}, ${KEY}`],
    ['ENCRYPTION_KEY', `${KEY},`],
    ['BOOTSTRAP_SERVICE_ID', '0'],
    ['BOOTSTRAP_SERVICE_ID', '-1'],
    ['BOOTSTRAP_SERVICE_ID', '9007199254740992'],
    ['BOOTSTRAP_SERVICE_ID', 'my-service'],
    ['BOOTSTRAP_ACCESS_TOKEN', `two words ${'x'.repeat(32)}`],
    ['BOOTSTRAP_ACCESS_TOKEN', 'é'.repeat(32)],
    ['BOOTSTRAP_ACCESS_TOKEN', 'x'.repeat(31)],
    ['BOOTSTRAP_REGISTRATION', 'OPEN'],
    ['BOOTSTRAP_REGISTRATION', 'toString'],
    ['LOG_LEVEL', 'verbose'],
    ['LOG_LEVEL', 'INFO'],
  ];

  it.each(refused)('refuses %s=%s with one line that contains the setting and the expected value', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} must be .{10,}\\.$`))]);
  });

  it('never repeats a secret', () => {
    const message = problemsOf({ ENCRYPTION_KEY: 'canary-1', BOOTSTRAP_ACCESS_TOKEN: 'canary 2' }).join();

    expect(message).not.toContain('canary');
  });

  it('reports all problems at once', () => {
    const lines = problemsOf({ PORT: 'x', LOG_LEVEL: 'x', BASE_URL: 'x' });

    expect(lines.map((line) => line.split(' ')[0]).sort()).toEqual(['BASE_URL', 'LOG_LEVEL', 'PORT']);
  });

  it('refuses one port for callers and management', () => {
    expect(problemsOf({ PORT: '3001', MANAGEMENT_PORT: '3001' })).toEqual([
      'MANAGEMENT_PORT must be another port than PORT.',
    ]);
    expect(Config.from({ PORT: '0', MANAGEMENT_PORT: '0' }).managementPort).toBe(0);
  });

  it.each(['0.0.0.0', '::', '0:0:0:0:0:0:0:0', '0'])('for a server, refuses HOST=%s without BASE_URL', (HOST) => {
    expect(problemsOf({ HOST }, (environment) => Config.forServer(environment))).toEqual([
      expect.stringMatching(
        /^BASE_URL must be set because HOST is .+\. Set BASE_URL to the URL at which callers reach/,
      ),
    ]);
    expect(Config.forServer({ HOST, BASE_URL: 'https://clients.example.org' }).host).toBe(HOST);
    expect(Config.from({ HOST }).host).toBe(HOST);
  });

  describe('a misspelt name', () => {
    it.each([
      ['PROT', 'PORT'],
      ['port', 'PORT'],
      ['Host', 'HOST'],
      ['HSOT', 'HOST'],
      ['BASEURL', 'BASE_URL'],
      ['BASE_URI', 'BASE_URL'],
      ['DATABSE_URL', 'DATABASE_URL'],
      ['DATADIR', 'DATA_DIR'],
      ['DATA_DIRS', 'DATA_DIR'],
      ['ENCRYPTION_KEYS', 'ENCRYPTION_KEY'],
      ['ENCRYPTON_KEY_FILE', 'ENCRYPTION_KEY_FILE'],
      ['BOOTSTRAP_SERVICEID', 'BOOTSTRAP_SERVICE_ID'],
      ['BOOTSTRAP_ACESS_TOKEN', 'BOOTSTRAP_ACCESS_TOKEN'],
      ['LOGLEVEL', 'LOG_LEVEL'],
      ['log_level', 'LOG_LEVEL'],
      ['LOG_LEVEL_FILE', 'LOG_LEVEL'],
      ['PRT', 'PORT'],
      ['PORTS', 'PORT'],
      ['TRUSTED_PROXY', 'TRUSTED_PROXIES'],
      ['BOOTSTRAP_TOKEN', 'BOOTSTRAP_ACCESS_TOKEN'],
      ['BOOTSTRAP_TOKEN_FILE', 'BOOTSTRAP_ACCESS_TOKEN_FILE'],
      ['ENCRYPT_KEY', 'ENCRYPTION_KEY'],
      ['DB_URL', 'DATABASE_URL'],
      ['PORT_FILE', 'PORT'],
      ['AUTO_MIGRATION', 'AUTO_MIGRATE'],
      ['RATE_LIMITS_PER_SERVICE', 'RATE_LIMIT_PER_SERVICE'],
      ['RATE_LIMIT', 'RATE_LIMIT_PER_ADDRESS'],
      ['DATA_DIRECTORY', 'DATA_DIR'],
      ['DATABASE', 'DATABASE_URL'],
    ])('%s is reported with the suggestion %s, and does not stop the server', (name, meant) => {
      expect(misspeltNames({ [name]: 'x' })).toEqual([`${name} is not a setting. Did you mean ${meant}?`]);
      expect(Config.from({ [name]: 'x' })).toEqual(Config.from({}));
    });

    it.each([
      'HOME',
      'PATH',
      'SERVICE_ID',
      'ACCESS_TOKEN',
      'HOST_NAME',
      'HOSTNAME',
      'PORT_RANGE',
      'EXPORT',
      'HTTP_PORT',
      'npm_config_port',
      'LOGNAME',
    ])('%s is ignored because it is not similar enough', (name) => {
      expect(misspeltNames({ [name]: 'x' })).toEqual([]);
    });
  });

  describe('from a file', () => {
    let folder: string;

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'clientele-'));
    });

    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    const file = (content: string): string => {
      const path = join(folder, 'secret');
      writeFileSync(path, content);
      return path;
    };

    it.each([
      ['DATABASE_URL', POSTGRES, 'database', { engine: 'postgresql', url: POSTGRES, connections: 10 }],
      ['ENCRYPTION_KEY', KEY, 'encryptionKeys', [Buffer.from(KEY, 'base64url')]],
      ['BOOTSTRAP_ACCESS_TOKEN', TOKEN, 'bootstrapAccessToken', TOKEN],
    ] as const)('%s is read without the final line break', (name, value, property, expected) => {
      expect(Config.from({ [`${name}_FILE`]: file(`${value}\n`) })[property]).toEqual(expected);
    });

    it.each(['DATABASE_URL', 'ENCRYPTION_KEY', 'BOOTSTRAP_ACCESS_TOKEN'])(
      '%s is checked like a direct setting',
      (name) => {
        for (const content of ['', 'not what was meant']) {
          expect(problemsOf({ [`${name}_FILE`]: file(content) })).toEqual([
            expect.stringMatching(new RegExp(`^${name} must be .+\\.$`)),
          ]);
        }
      },
    );

    it('an unreadable file is refused with the setting, the path and the reason', () => {
      const path = join(folder, 'nothing');
      const remedy = 'Set ENCRYPTION_KEY_FILE to the path of a file that the user of this process may read.';

      expect(problemsOf({ ENCRYPTION_KEY_FILE: path })).toEqual([
        `ENCRYPTION_KEY_FILE: cannot read ${path} (ENOENT). ${remedy}`,
      ]);
      expect(problemsOf({ ENCRYPTION_KEY_FILE: '/dev/zero' })).toEqual([
        `ENCRYPTION_KEY_FILE: cannot read /dev/zero (a device, or larger than 64 KiB). ${remedy}`,
      ]);
      expect(problemsOf({ ENCRYPTION_KEY_FILE: folder })).toEqual([
        `ENCRYPTION_KEY_FILE: cannot read ${folder} (EISDIR). ${remedy}`,
      ]);
    });

    it('a file is refused if the setting itself is also set', () => {
      expect(problemsOf({ ENCRYPTION_KEY: KEY, ENCRYPTION_KEY_FILE: file(KEY) })).toEqual([
        'ENCRYPTION_KEY and ENCRYPTION_KEY_FILE are both set. Keep one of them.',
      ]);
    });

    it('a setting without a secret cannot be read', () => {
      expect(Config.from({ LOG_LEVEL_FILE: file('debug') }).logLevel).toBe('info');
    });
  });
});
