import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { Config } from '../../apps/server/src/config/config.ts';
import { STOP_LIMIT } from '../../apps/server/src/http/limits.ts';
import { codeBlocks } from '../docs/code-blocks.ts';
import { ROOT } from '../docs/root.ts';
import { configured } from './accepted-settings.ts';
import { IMAGE_ENVIRONMENT } from './dockerfile.ts';

interface Service {
  readonly build?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop: readonly string[];
  readonly stop_grace_period: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const FILES = ['compose.yaml', 'compose.postgresql.yaml'];

function compose(file: string): Compose {
  return parse(readFileSync(new URL(file, ROOT), 'utf8')) as Compose;
}

/** What the service has in its environment, the image's included, where nothing else is given to Compose. */
function environmentOf({ environment }: Service): Record<string, string> {
  const given = Object.entries(environment).map(([name, value]) => [name, value.replace(/^\$\{\w+:-(.*)\}$/, '$1')]);
  return { ...IMAGE_ENVIRONMENT, ...(Object.fromEntries(given) as Record<string, string>) };
}

describe.each(FILES)('%s', (file) => {
  const { services, secrets = {}, volumes } = compose(file);
  const clientele = services.clientele!;
  const config = configured(environmentOf(clientele));

  it('satisfies the linter, the schema of the Compose specification included', () => {
    const linter = join(createRequire(import.meta.url).resolve('dclint/package.json'), '../bin/dclint.cjs');
    const found = execFileSync(process.execPath, [linter, '--formatter=json', fileURLToPath(new URL(file, ROOT))]);
    expect(JSON.parse(found.toString())).toEqual([expect.objectContaining({ messages: [] })]);
  });

  it('publishes the port that the server listens on, to this machine alone', () => {
    expect(clientele.ports).toEqual([`127.0.0.1:${config.port}:${config.port}`]);
    expect(config.baseUrl).toBe(`http://127.0.0.1:${config.port}`);
  });

  it('leaves the server no more than it needs', () => {
    expect(clientele).toMatchObject({ read_only: true, cap_drop: ['ALL'], tmpfs: ['/tmp'] });
    for (const service of Object.values(services)) {
      expect(service).toMatchObject({ security_opt: ['no-new-privileges:true'], restart: 'unless-stopped' });
    }
  });

  it('keeps what is to be kept', () => {
    const kept = Object.values(services).flatMap((service) => service.volumes ?? []);
    expect(kept.map((volume) => volume.split(':')[0])).toEqual(Object.keys(volumes));
    if (config.database.engine === 'sqlite') expect(kept).toEqual([`data:${config.dataDir}`]);
  });

  it('gives the server longer to stop than it takes', () => {
    expect(parseInt(clientele.stop_grace_period) * 1000).toBeGreaterThan(STOP_LIMIT);
  });

  it('mounts every secret that is read', () => {
    for (const service of Object.values(services)) {
      const read = Object.entries(service.environment).filter(([name]) => name.endsWith('_FILE'));
      expect(read.map(([, path]) => path).sort()).toEqual(
        (service.secrets ?? []).map((name) => `/run/secrets/${name}`),
      );
      for (const name of service.secrets ?? []) expect(secrets).toHaveProperty(name);
    }
  });

  it('waits for what the server depends on', () => {
    for (const [name, { condition }] of Object.entries(clientele.depends_on ?? {})) {
      expect(condition).toBe('service_healthy');
      expect(services[name]!.healthcheck).toBeDefined();
    }
    expect(Object.keys(clientele.depends_on ?? {})).toEqual(config.database.engine === 'sqlite' ? [] : ['postgresql']);
  });
});

describe('the secrets that docs/deploy.md makes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-secrets-'));
  const { services, secrets } = compose('compose.postgresql.yaml');
  const block = codeBlocks('docs/deploy.md', 'bash').find((each) => each.includes('secrets'))!;

  beforeAll(() => {
    execFileSync('bash', ['--norc', '-c', block], { cwd: folder });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('are the files that are mounted, in a folder that nobody else can enter', () => {
    const files = Object.values(secrets!).map(({ file }) => file.replace('./secrets/', ''));
    expect(readdirSync(join(folder, 'secrets')).sort()).toEqual(files.sort());
    expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
  });

  it('are accepted by the server, and fit the database beside it', () => {
    const secret = (name: string): string => join(folder, 'secrets', name);
    const { database, encryptionKeys } = Config.from({
      DATABASE_URL_FILE: secret('database_url'),
      ENCRYPTION_KEY_FILE: secret('encryption_key'),
    });
    if (database.engine !== 'postgresql') throw new Error('The address is that of another database.');
    const url = new URL(database.url);
    const { POSTGRES_USER, POSTGRES_DB } = services.postgresql!.environment;

    expect(encryptionKeys).toHaveLength(1);
    expect(services).toHaveProperty(url.hostname);
    expect([url.username, url.pathname]).toEqual([POSTGRES_USER, `/${POSTGRES_DB!}`]);
    expect(url.password).toBe(readFileSync(secret('postgresql_password'), 'utf8').trim());
  });
});
