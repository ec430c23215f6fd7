import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { Config } from '../../apps/server/src/config/config.ts';
import { STOP_LIMIT } from '../../apps/server/src/http/limits.ts';
import { codeBlocks } from '../docs/code-blocks.ts';
import { ROOT } from '../docs/root.ts';
import { configured } from './accepted-settings.ts';
import { IMAGE_ENVIRONMENT } from './dockerfile.ts';

interface Service {
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly stop_grace_period: string;
  readonly depends_on?: object;
  readonly healthcheck?: object;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

function compose(file: string): Compose {
  return parse(readFileSync(new URL(file, ROOT), 'utf8')) as Compose;
}

/** The environment of a container if nothing else is given to Compose. */
function environmentOf({ environment }: Service): Record<string, string> {
  const defaults = Object.entries(environment).map(([name, value]) => [
    name,
    value.replace(/^\$\{\w+:-(.*)\}$/, '$1').replace(/^\$\{\w+:\+.*\}$/, ''),
  ]);
  return { ...IMAGE_ENVIRONMENT, ...(Object.fromEntries(defaults) as Record<string, string>) };
}

describe.each(['compose.yaml', 'compose.postgresql.yaml'])('%s', (file) => {
  const { services, secrets = {}, volumes } = compose(file);
  const clientele = services.clientele!;
  const { port, baseUrl, dataDir, database } = configured(environmentOf(clientele));

  it('publishes the port of the server to this machine only', () => {
    expect(clientele.ports).toEqual([`127.0.0.1:${port}:${port}`]);
    expect(baseUrl).toBe(`http://127.0.0.1:${port}`);
  });

  it('needs the proxies if it has another address', () => {
    expect(clientele.environment.TRUSTED_PROXIES).toMatch(/^\$\{BASE_URL:\+\$\{TRUSTED_PROXIES:\?[^}]+\}\}$/);
  });

  it('gives the server the least privileges', () => {
    expect(clientele).toMatchObject({ read_only: true, cap_drop: ['ALL'], tmpfs: ['/tmp'] });
    for (const service of Object.values(services)) {
      expect(service).toMatchObject({ security_opt: ['no-new-privileges:true'], restart: 'unless-stopped' });
    }
  });

  it('stores the data in volumes', () => {
    const mounted = Object.values(services).flatMap((service) => service.volumes ?? []);
    expect(mounted.map((volume) => volume.split(':')[0])).toEqual(Object.keys(volumes));
    if (database.engine === 'sqlite') expect(mounted).toEqual([`data:${dataDir}`]);
  });

  it('gives the server enough time to stop', () => {
    expect(parseInt(clientele.stop_grace_period) * 1000).toBeGreaterThan(STOP_LIMIT);
  });

  it('mounts the secrets that are read, and has no secret in an environment', () => {
    for (const { environment, secrets: mounted = [] } of Object.values(services)) {
      const read = Object.entries(environment).filter(([name]) => name.endsWith('_FILE'));
      expect(read.map(([, path]) => path).sort()).toEqual(mounted.map((name) => `/run/secrets/${name}`));
      expect(Object.keys(secrets)).toEqual(expect.arrayContaining([...mounted]));
      expect(Object.keys(environment).filter((name) => /(DATABASE_URL|KEY|PASSWORD|TOKEN)$/.test(name))).toEqual([]);
    }
  });

  it('starts the server after its database', () => {
    const dependsOn = database.engine === 'sqlite' ? undefined : { postgresql: { condition: 'service_healthy' } };
    expect(clientele.depends_on).toEqual(dependsOn);
    if (dependsOn) expect(services.postgresql!.healthcheck).toBeDefined();
  });
});

describe('the secrets that docs/deploy.md creates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-secrets-'));
  const { services, secrets } = compose('compose.postgresql.yaml');
  const block = codeBlocks('docs/deploy.md', 'bash').find((each) => each.includes('secrets'))!;
  const secret = (name: string): string => join(folder, 'secrets', name);

  beforeAll(() => {
    execFileSync('bash', ['--norc', '-c', block], { cwd: folder });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('are the files that are mounted, in a folder that only its owner can enter', () => {
    const files = Object.values(secrets!).map(({ file }) => file.replace('./secrets/', ''));
    expect(readdirSync(join(folder, 'secrets')).sort()).toEqual(files.sort());
    expect(files).toEqual(
      expect.arrayContaining(Object.values(compose('compose.yaml').secrets!).map(({ file }) => basename(file))),
    );
    expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
  });

  it('are accepted by the server, and match the database', () => {
    const { database, encryptionKeys } = Config.from({
      BOOTSTRAP_ACCESS_TOKEN_FILE: secret('access_token'),
      DATABASE_URL_FILE: secret('database_url'),
      ENCRYPTION_KEY_FILE: secret('encryption_key'),
    });
    if (database.engine !== 'postgresql') throw new Error('database_url is not the address of a PostgreSQL database.');
    const url = new URL(database.url);
    const { POSTGRES_USER, POSTGRES_DB } = services.postgresql!.environment;

    expect(encryptionKeys).toHaveLength(1);
    expect(services).toHaveProperty(url.hostname);
    expect([url.username, url.pathname]).toEqual([POSTGRES_USER, `/${POSTGRES_DB!}`]);
    expect(url.password).toBe(readFileSync(secret('postgresql_password'), 'utf8').trim());
  });
});
