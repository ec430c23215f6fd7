import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { clientele } from '../src/cli/program.ts';
import { FIRST_START, SERVICE_ID } from './support/clients.ts';
import { command, newKey, startCommand, type Environment } from './support/command.ts';
import { freePort } from './support/free-port.ts';
import { MINIMAL } from './support/protocol.ts';
import { ServerProcess } from './support/server-process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

interface Case {
  /** The arguments of `clientele`, without `--json`. */
  readonly words: readonly string[];
  readonly code: number;
  readonly document: object;
}

const anything = expect.anything() as unknown;
const errorDocument = (pattern: RegExp): object => ({ error: expect.stringMatching(pattern) as unknown });

/**
 * Commands that call a running server. The cases show that they say what is missing; cli-client.e2e-spec.ts and
 * cli-services.e2e-spec.ts have the rest.
 */
const ON_SERVER: readonly (readonly [string, readonly string[]])[] = [
  ['client list', []],
  ['client find', ['text']],
  ['client get', ['1']],
  ['client create', ['--name', 'x']],
  ['client update', ['1', '--set', 'clientName=x']],
  ['client lock', ['1']],
  ['client unlock', ['1']],
  ['client delete', ['1', '--yes']],
  ['client secret refresh', ['1']],
  ['client secret set', ['1', '--stdin']],
  ['client secret verify', ['1', '--stdin']],
  ['client token refresh', ['1']],
  ['service list', []],
  ['service get', []],
  ['service create', []],
  ['service update', ['settings.json']],
  ['service patch', ['{}']],
  ['service impact', ['{}']],
  ['service delete', ['1', '--yes']],
  ['service configuration', []],
  ['token create', []],
  ['token list', []],
  ['token revoke', ['x']],
  ['initial-access-token create', []],
  ['initial-access-token list', []],
  ['initial-access-token revoke', ['1']],
];

/** The cases run in this order on one embedded store, because the arguments of some depend on earlier cases. */
const CASES: readonly (readonly [string, (context: Context) => Case])[] = [
  ['config print', () => ({ words: ['config', 'print'], code: 0, document: { settings: anything } })],
  ['migrate status', () => ({ words: ['migrate', 'status'], code: 3, document: { applied: [], pending: anything } })],
  ['migrate plan', () => ({ words: ['migrate', 'plan'], code: 0, document: { migrations: anything } })],
  ['migrate up', () => ({ words: ['migrate', 'up'], code: 0, document: { applied: anything } })],
  ['migrate status', () => ({ words: ['migrate', 'status'], code: 0, document: { applied: anything, pending: [] } })],
];

/** The same, after the first start of a server. */
const CASES_AFTER_START: typeof CASES = [
  ['login', () => ({ words: ['login'], code: 2, document: errorDocument(/--url <url>/) })],
  ['logout', () => ({ words: ['logout'], code: 0, document: { loggedOut: false, file: anything } })],
  [
    'key rotate',
    () => ({ words: ['key', 'rotate'], code: 0, document: { secrets: 2, key: anything, superfluousKeys: [anything] } }),
  ],
  [
    'key list',
    () => ({
      words: ['key', 'list'],
      code: 0,
      document: {
        keys: [
          { current: true, available: true, since: anything, secrets: 2 },
          { since: null, secrets: 0 },
        ],
      },
    }),
  ],
  [
    'key remove',
    () => ({ words: ['key', 'remove', '--yes', 'x'], code: 1, document: errorDocument(/^There is no key x in /) }),
  ],
  [
    'audit verify',
    () => ({ words: ['audit', 'verify'], code: 0, document: { verified: true, chains: [anything, anything] } }),
  ],
  ['audit verify', () => ({ words: ['audit', 'verify', '7'], code: 1, document: errorDocument(/no service 7/) })],
  [
    'audit list',
    () => ({ words: ['audit', 'list', SERVICE_ID], code: 0, document: { entries: anything, pending: anything } }),
  ],
  [
    'audit new-epoch',
    () => ({
      words: ['audit', 'new-epoch'],
      code: 0,
      document: { epoch: anything, chains: 2, damaged: [] },
    }),
  ],
  [
    'token recover',
    () => ({
      words: ['token', 'recover', '--expires-in', '1h'],
      code: 0,
      document: { token: anything, serviceId: null, accessRights: ['ADMIN'], expiresAt: anything },
    }),
  ],
  [
    'backup',
    ({ file }) => ({
      words: ['backup', file('backup.db')],
      code: 0,
      document: { file: file('backup.db'), services: 1, clients: 0, schemaVersion: anything, keyIds: anything },
    }),
  ],
  [
    'backup',
    ({ file }) => ({ words: ['backup', file('backup.db')], code: 1, document: errorDocument(/already exists/) }),
  ],
  ['doctor', () => ({ words: ['doctor'], code: 0, document: { result: 'warning', findings: anything } })],
  ['backup', () => ({ words: ['backup'], code: 2, document: errorDocument(/^missing required argument 'file'/) })],
  [
    'restore',
    ({ file }) => ({
      words: ['restore', '--force', file('backup.db')],
      code: 0,
      document: { services: 1, clients: 0 },
    }),
  ],
  [
    'restore',
    ({ file }) => ({ words: ['restore', file('none')], code: 1, document: errorDocument(/There is no file/) }),
  ],
  [
    'export',
    ({ file }) => ({
      words: ['export', SERVICE_ID, file('export.ndjson')],
      code: 0,
      document: { serviceId: Number(SERVICE_ID), file: file('export.ndjson'), records: { service: 1 } },
    }),
  ],
  ['export', () => ({ words: ['export', SERVICE_ID], code: 2, document: errorDocument(/--json needs a file/) })],
  [
    'export',
    ({ file }) => ({ words: ['export', '7', file('x')], code: 1, document: errorDocument(/There is no service 7/) }),
  ],
  [
    'import',
    ({ file }) => ({
      words: ['import', file('export.ndjson')],
      code: 0,
      document: { serviceId: Number(SERVICE_ID), already: true, callable: true, records: { service: 1 } },
    }),
  ],
  ['import', ({ file }) => ({ words: ['import', file('none')], code: 1, document: errorDocument(/There is no file/) })],
  ['check', ({ file }) => ({ words: ['check', file('metadata.json')], code: 0, document: { accepted: true } })],
  ['check', ({ file }) => ({ words: ['check', file('none')], code: 1, document: errorDocument(/There is no file/) })],
  [
    'apply',
    ({ file }) => ({ words: ['apply', '--yes', '-f', file('none')], code: 1, document: errorDocument(/no file/) }),
  ],
  ...ON_SERVER.map(
    ([name, words]) =>
      [
        name,
        ({ file }: Context) => ({
          words: [...name.split(' '), ...words.map((word) => (word.endsWith('.json') ? file(word) : word))],
          code: 1,
          document: errorDocument(/CLIENTELE_URL is not set/),
        }),
      ] as const,
  ),
];

/** Values that the arguments of a case can contain. */
interface Context {
  readonly file: (name: string) => string;
}

describe('the option --json', () => {
  const folder = temporaryFolder();
  let environment: Environment;

  beforeEach(async () => {
    mkdirSync(join(folder.path, 'data'));
    environment = { DATA_DIR: join(folder.path, 'data'), PORT: String(await freePort()) };
  });

  it('prints one JSON document and exits with the expected code, whether the command succeeds or fails', async () => {
    const context: Context = { file: (name) => join(folder.path, name) };
    writeFileSync(context.file('metadata.json'), JSON.stringify(MINIMAL));
    writeFileSync(context.file('settings.json'), '{}');
    const expectAll = async (cases: typeof CASES): Promise<void> => {
      for (const [name, createCase] of cases) {
        const { words, code, document } = createCase(context);
        const outcome = await command(environment, ...words, '--json');

        expect({ name, code: outcome.code }).toEqual({ name, code });
        if (code === 1) expect(outcome.stderr).toMatch(/^clientele: [^\n]+\n$/);
        expect(outcome.stdout).toMatch(/^[^\n]+\n$/);
        expect(JSON.parse(outcome.stdout)).toMatchObject(document);
      }
    };

    await expectAll(CASES);
    const server = new ServerProcess({ ...FIRST_START, ...environment });
    await server.listening();
    await server.stop();
    await expectAll(CASES_AFTER_START);
  }, 180_000);

  it('is an option of every command, and every command is tested above and listed in docs/operations.md', () => {
    const leaves = (parent: Command, path: readonly string[]): [string, Command][] =>
      parent.commands.flatMap((each): [string, Command][] => {
        const name = [...path, each.name()];
        return each.commands.length === 0 ? [[name.join(' '), each]] : leaves(each, name);
      });
    const all = leaves(clientele(), []);
    const page = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');

    const documented = Array.from(page.matchAll(/^\| `([\w-]+(?: [\w-]+)*)`/gm), ([, name]) => name);

    for (const [name, each] of all) {
      expect(each.options.map(({ long }) => long)).toContain('--json');
      expect(documented).toContain(name);
    }
    expect(new Set(all.map(([name]) => name))).toEqual(
      new Set([...CASES, ...CASES_AFTER_START].map(([name]) => name)).add('serve'),
    );
  });

  it.each([
    [['--json'], 2, /unknown option '--json'/],
    [['migrate', '--json'], 2, /unknown option '--json'/],
    [['backup', 'x', '--fast', '--json'], 2, /^unknown option '--fast'/],
    [['migrat', '--json'], 2, /unknown/],
  ])('prints one JSON document for the invalid command line %j', async (words, code, error) => {
    const outcome = await command(environment, ...words);

    expect(outcome.code).toBe(code);
    expect(JSON.parse(outcome.stdout)).toEqual(errorDocument(error));
  });

  it('makes serve print lines of JSON, including the created service and the error if the server cannot start', async () => {
    const settings = {
      ...environment,
      PORT: '0',
      BASE_URL: 'https://clients.example.org',
      BOOTSTRAP_SERVICE_ID: FIRST_START.BOOTSTRAP_SERVICE_ID,
    };
    const server = startCommand(settings, 'serve', '--json');
    const line = await server.line(/"accessToken"/);
    server.kill('SIGTERM');
    const { stdout } = await server.outcome;

    expect(JSON.parse(line)).toEqual({
      baseUrl: settings.BASE_URL,
      serviceId: Number(SERVICE_ID),
      accessToken: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      protocolRegistration: 'INITIAL_ACCESS_TOKEN',
      registrationEndpoint: `${settings.BASE_URL}/connect/${SERVICE_ID}/register`,
      initialAccessTokenEndpoint: `${settings.BASE_URL}/api/${SERVICE_ID}/initial_access_token/create`,
    });
    for (const each of stdout.trimEnd().split('\n')) expect(() => JSON.parse(each) as unknown).not.toThrow();

    const refused = await command({ ...settings, ENCRYPTION_KEY: newKey() }, 'serve', '--json');
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout.trimEnd().split('\n').at(-1)!)).toEqual(
      errorDocument(/which ENCRYPTION_KEY does not contain/),
    );
  });
});
