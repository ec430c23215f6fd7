import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Clientele } from '@clientele/client';
import { readDeclaration } from '../src/cli/apply/declaration.ts';
import { applyPlan, planOf } from '../src/cli/apply/plan.ts';
import { command, type Environment } from './support/command.ts';
import { FakeClientApi } from './support/fake-client-api.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const SECRET = 'canary-secret-of-the-web-app';
const MANAGED = [{ key: 'clientele.manager', value: 'web-team' }];

const FILE = `
manager: web-team
clients:
  - id: web-app
    clientName: Web App
    redirectUris: [https://app.example.com/callback]
    clientSecret: { env: WEB_APP_SECRET }
  - id: native-app
    clientName: Native App
    clientSecret: { file: secret }
  - id: third-app
    clientSecret: { hash: "bcrypt:$2b$12$x" }
  - id: same-app
    clientName: Same
`;

describe('clientele apply', () => {
  const folder = temporaryFolder();
  let api: FakeClientApi;
  let environment: Environment;
  let file: string;

  beforeEach(async () => {
    api = new FakeClientApi();
    environment = {
      CLIENTELE_URL: `${await api.listen()}/api/1`,
      CLIENTELE_TOKEN: 'canary-token',
      WEB_APP_SECRET: SECRET,
    };
    file = join(folder.path, 'clients.yaml');
    writeFileSync(file, FILE);
    writeFileSync(join(folder.path, 'secret'), `${SECRET}\n`);
  });

  afterEach(() => api.close());

  const apply = async (...words: string[]) => {
    const outcome = await command(environment, 'apply', '-f', file, ...words);
    expect(outcome.stdout + outcome.stderr).not.toContain('canary');
    return outcome;
  };

  /** Stores clients as they were before: one to change, one unchanged, one to delete, and one of another manager. */
  const storeClients = (api: FakeClientApi): void => {
    api.put('web-app', { clientName: 'Old', attributes: MANAGED, clientSecret: 'canary-old-secret' });
    api.put('same-app', { clientName: 'Same', attributes: MANAGED });
    api.put('old-app', { attributes: MANAGED });
    api.put('foreign-app', { attributes: [{ key: 'clientele.manager', value: 'others' }] });
  };

  it('shows the difference, makes it, and then has nothing to do', async () => {
    storeClients(api);
    const difference = [
      '~ web-app  clientName: "Old" -> "Web App"',
      '~ web-app  redirectUris: (none) -> ["https://app.example.com/callback"]',
      '~ web-app  client_secret changed',
      '+ native-app  created',
      '+ third-app  created',
      '= 1 unchanged',
      '- old-app  deleted',
      '',
    ].join('\n');

    expect(await apply('--dry-run', '--prune')).toEqual({ code: 3, stdout: difference, stderr: '' });
    expect(api.calls.filter((call) => /^(PUT|DELETE)/.test(call))).toEqual([]);
    expect(await apply('--yes', '--prune')).toEqual({ code: 0, stdout: difference, stderr: '' });
    expect([...api.clients.keys()].sort()).toEqual(['foreign-app', 'native-app', 'same-app', 'third-app', 'web-app']);
    expect(api.clients.get('native-app')).toMatchObject({ secret: SECRET, properties: { attributes: MANAGED } });
    expect(api.clients.get('third-app')!.properties).toMatchObject({ clientSecretHash: 'bcrypt:$2b$12$x' });
    expect(await apply('--dry-run', '--prune')).toEqual({ code: 0, stdout: '= 4 unchanged\n', stderr: '' });
    const { stdout } = await apply('--yes', '--json');
    expect(JSON.parse(stdout)).toEqual({
      manager: 'web-team',
      applied: false,
      created: [],
      changed: [],
      unchanged: 4,
      deleted: [],
    });
  });

  it('refuses to take over a client before it changes anything, unless --adopt is passed', async () => {
    api.put('web-app', { clientName: 'Of others' });

    const refused = await apply('--yes');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^clientele: web-app exists and is not managed by web-team.*--adopt/);
    expect(api.clients.size).toBe(1);
    expect(await apply('--yes', '--adopt')).toMatchObject({ code: 0 });
    expect(api.clients.get('web-app')!.properties).toMatchObject({ attributes: MANAGED });
  });

  it('changes nothing without a terminal and --yes', async () => {
    expect(await apply()).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') as unknown });
    expect(api.calls).toEqual([]);
  });

  it('reports a client that was changed after the preview', async () => {
    storeClients(api);
    api.beforeChange = (id) => {
      api.put(id, { clientName: 'Meanwhile' });
    };
    const outcome = await apply('--yes');
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/was changed meanwhile\. Run the command again\.\n$/);
  });

  it('ends in the declared state if it is interrupted after any number of changes and repeated', async () => {
    const declaration = await readDeclaration(file, environment);
    const runWith = async (api: FakeClientApi): Promise<void> => {
      const options = { baseUrl: 'http://fake', serviceId: 1, accessToken: 't', fetch: api.fetch };
      const { clients } = new Clientele(options);
      await applyPlan(clients, await planOf(clients, declaration, { prune: true }));
    };
    const stateOf = ({ clients }: FakeClientApi) =>
      [...clients.values()]
        .map(({ canonicalClientId, properties, secret }) => ({ canonicalClientId, properties, secret }))
        .sort((a, b) => (a.canonicalClientId < b.canonicalClientId ? -1 : 1));
    const complete = new FakeClientApi();
    storeClients(complete);
    await runWith(complete);

    let failures = 0;
    for (let changes = 0; changes <= 4; changes += 1) {
      const interrupted = new FakeClientApi();
      storeClients(interrupted);
      interrupted.changesLeft = changes;
      await runWith(interrupted).catch(() => (failures += 1));
      interrupted.changesLeft = Number.POSITIVE_INFINITY;
      await runWith(interrupted);
      expect(stateOf(interrupted)).toEqual(stateOf(complete));
    }
    expect(failures).toBe(4);
  });

  it.each([
    ['manager: a\nclients: []\nextra: 1\n', ', line 3: "extra" is unknown; use manager and clients.'],
    ['manager: a b\nclients: []\n', ', line 1: manager must be a name'],
    ['manager: a\nclients: {}\n', ', line 2: clients must be a list.'],
    ['manager: a\nclients:\n  - id: x\n  - id: x\n', ', line 4: "x" is declared twice.'],
    ['manager: a\nclients:\n  - id: x\n    id: y\n', ', line 4: Map keys must be unique.'],
    ['manager: a\nclients:\n  - clientName: x\n', ', line 3: id must be the client_id'],
    ['manager: a\nclients:\n  - id: x\n    redirectUri: y\n', ', line 4: "redirectUri" is no property'],
    ['manager: a\nclients:\n  - id: x\n    clientSecret: canary\n', ', line 4: clientSecret must not be in the file'],
    ['manager: a\nclients:\n  - id: x\n    clientSecret: { env: NONE }\n', 'environment variable NONE is not set'],
    ['manager: a\nclients:\n  - id: x\n    clientSecret: { file: none }\n', ', line 4: There is no file /'],
    ['manager: a\nclients:\n  - id: x\n    clientSecret: { hash: x }\n', ', line 4: hash must have the form'],
    ['manager: a\nclients:\n  - id: x\n    attributes: x\n', ', line 4: attributes must be a list'],
    ['manager: a\nclients: [\n', ', line 3: '],
    [`manager: a\nclients: ${'['.repeat(100_000)}\n`, ''],
    ['- a\n', ': an object is expected.'],
  ])('refuses the file %j before any call', async (text, problem) => {
    writeFileSync(file, text);
    const { code, stderr } = await apply('--yes');
    expect(code).toBe(1);
    expect(stderr).toContain(`clients.yaml`);
    expect(stderr).toContain(problem);
    expect(api.calls).toEqual([]);
  });
});
