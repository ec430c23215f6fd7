import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Clientele, type Client, type Fetch } from '@clientele/client';
import { readDeclaration } from '../src/cli/apply/declaration.ts';
import { questionOf } from '../src/cli/apply/describe-plan.ts';
import { applyPlan, planOf, type Plan } from '../src/cli/apply/plan.ts';
import { logOf } from './support/audit.ts';
import { command, startCommand, type Environment } from './support/command.ts';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from './support/server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const SECRET = 'canary-secret-of-the-web-app';
const HASHED_SECRET = 's3cr3t-Example_0001';
const BCRYPT = '$2b$04$sVqPTT.w8tymsCBkc3hQBOoSMchd0okRy0bCrih4c/HFSdmAExU9q';
const MANAGED = [{ key: 'clientele.manager', value: 'web-team' }];
const REDIRECT = { redirectUris: ['https://app.example.com/callback'] };

const FILE = `
manager: web-team
clients:
  - id: web-app
    clientName: Web App
    redirectUris: [https://app.example.com/callback]
    clientSecret: { env: WEB_APP_SECRET }
  - id: native-app
    clientName: Native App
    redirectUris: [https://app.example.com/callback]
    clientSecret: { file: secret }
  - id: third-app
    redirectUris: [https://app.example.com/callback]
    clientSecret: { hash: "bcrypt:${BCRYPT}" }
  - id: same-app
    clientName: Same
    redirectUris: [https://app.example.com/callback]
`;

describe('clientele apply', () => {
  const folder = temporaryFolder();
  let server: TestServer;
  let environment: Environment;
  let file: string;
  /** Every request that the server receives, as method and path below the service. */
  let received: string[] = [];

  beforeAll(async () => {
    server = await startServer();
    server.app.getHttpServer().on('request', ({ method, url }: { method: string; url: string }) => {
      received.push(`${method} ${url.replace(`/api/${SERVICE_ID}/`, '')}`);
    });
    environment = {
      CLIENTELE_URL: `${server.baseUrl}/api/${SERVICE_ID}`,
      CLIENTELE_TOKEN: ACCESS_TOKEN,
      WEB_APP_SECRET: SECRET,
    };
  });

  beforeEach(async () => {
    file = join(folder.path, 'clients.yaml');
    writeFileSync(file, FILE);
    writeFileSync(join(folder.path, 'secret'), `${SECRET}\n`);
    for (const { clientId } of await listed()) await clientsOver().delete(clientId);
    received = [];
  });

  afterAll(() => server.close());

  const clientsOver = (sending?: Fetch) =>
    new Clientele({ baseUrl: server.baseUrl, serviceId: SERVICE_ID, accessToken: ACCESS_TOKEN, fetch: sending })
      .clients;
  const listed = async (): Promise<readonly Client[]> => (await clientsOver().listPage({ limit: 1_000 })).clients;
  const ids = async () => (await listed()).map(({ canonicalClientId }) => canonicalClientId).sort();
  /** The received requests that change clients. */
  const changes = () => received.filter((request) => /^(PUT|PATCH|DELETE)|^POST (?!client\/preview)/.test(request));

  const apply = async (...words: string[]) => {
    const outcome = await command(environment, 'apply', '-f', file, ...words);
    for (const secret of ['canary', BCRYPT, ACCESS_TOKEN])
      expect(outcome.stdout + outcome.stderr).not.toContain(secret);
    return outcome;
  };

  /** Stores clients as they were before: one to change, one unchanged, one to delete, and one of another manager. */
  const storeClients = async () => {
    const clients = clientsOver();
    const others = [{ key: 'clientele.manager', value: 'others' }];
    const clientSecret = 'canary-old-secret';
    await clients.put('web-app', { clientName: 'Old', attributes: MANAGED, clientSecret });
    await clients.put('same-app', { ...REDIRECT, clientName: 'Same', attributes: MANAGED, clientSecret });
    await clients.put('old-app', { ...REDIRECT, attributes: MANAGED, clientSecret });
    await clients.put('foreign-app', { ...REDIRECT, attributes: others, clientSecret });
    received = [];
  };

  /** Everything that was declared or kept. */
  const state = async () => {
    const clients = clientsOver();
    const all = await Promise.all((await ids()).map((id) => clients.get(id!)));
    return all.map(({ clientId: _id, number: _number, createdAt: _created, modifiedAt: _modified, ...rest }) => rest);
  };

  const plan = async (): Promise<Plan> =>
    planOf(clientsOver(), await readDeclaration(file, environment), { prune: true });

  it('shows the difference, makes it, and then has nothing to do', async () => {
    await storeClients();
    const difference = [
      '~ web-app  client_name: "Old" -> "Web App"',
      '~ web-app  redirect_uris: (none) -> ["https://app.example.com/callback"]',
      '~ web-app  client_secret changed',
      '+ native-app  created',
      '+ third-app  created',
      '= 1 unchanged',
      '- old-app  deleted',
      '',
    ].join('\n');

    expect(await apply('--dry-run', '--prune')).toEqual({ code: 3, stdout: difference, stderr: '' });
    expect(changes()).toEqual([]);
    expect(questionOf(await plan())).toBe('Make 3 changes and delete 1 client permanently?');
    expect(await apply('--yes', '--prune')).toEqual({ code: 0, stdout: `${difference}Made 4 changes.\n`, stderr: '' });

    expect(await ids()).toEqual(['foreign-app', 'native-app', 'same-app', 'third-app', 'web-app']);
    expect(await state()).toMatchObject([
      { attributes: [{ value: 'others' }], clientSecret: 'canary-old-secret' },
      { clientName: 'Native App', attributes: MANAGED, clientSecret: SECRET },
      { clientName: 'Same', attributes: MANAGED, clientSecret: 'canary-old-secret' },
      { attributes: MANAGED },
      { clientName: 'Web App', ...REDIRECT, attributes: MANAGED, clientSecret: SECRET },
    ]);
    const before = await logOf(server).entries();
    received = [];
    expect(await apply('--dry-run', '--prune')).toEqual({ code: 0, stdout: '= 4 unchanged\n', stderr: '' });
    const { stdout } = await apply('--yes', '--prune', '--json');
    expect(JSON.parse(stdout)).toEqual({
      manager: 'web-team',
      applied: false,
      created: [],
      changed: [],
      unchanged: 4,
      deleted: [],
      kept: [],
    });
    expect(received.length).toBeGreaterThan(0);
    expect(changes()).toEqual([]);
    expect(await logOf(server).entries()).toEqual(before);
  });

  it('changes nothing after the first verification replaced a declared hash by the secret', async () => {
    await apply('--yes');
    expect(await clientsOver().get('third-app')).not.toHaveProperty('clientSecret');
    const verified = await clientsOver().verifySecret({ clientId: 'third-app', clientSecret: HASHED_SECRET });
    expect(verified).toMatchObject({ action: 'OK' });
    const upgraded = await state();
    expect(upgraded).toContainEqual(expect.objectContaining({ clientSecret: HASHED_SECRET }));

    received = [];
    expect(await apply('--yes')).toEqual({ code: 0, stdout: '= 4 unchanged\n', stderr: '' });
    expect(changes()).toEqual([]);
    expect(await state()).toEqual(upgraded);
  });

  it('deletes a client that has left the file only with --prune', async () => {
    await storeClients();
    expect((await apply('--yes')).stdout).toContain(
      '! 1 client of web-team is not in the file; --prune deletes it\nMade 3 changes.\n',
    );
    expect(await ids()).toContain('old-app');
    expect((await apply('--yes', '--prune')).stdout).toBe('= 4 unchanged\n- old-app  deleted\nMade 1 change.\n');
    expect(await ids()).not.toContain('old-app');
  });

  it('refuses to take over a client before it changes anything, unless --adopt is passed', async () => {
    await clientsOver().put('web-app', { ...REDIRECT, clientName: 'Of others' });

    const refused = await apply('--yes');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(
      /^clientele: web-app exists and is not managed by web-team.*--adopt\. Nothing was changed\.\n$/,
    );
    expect(await ids()).toEqual(['web-app']);
    expect(await apply('--yes', '--adopt')).toMatchObject({ code: 0 });
    expect(await clientsOver().get('web-app')).toMatchObject({ clientName: 'Web App', attributes: MANAGED });
  });

  it('names every refused client, and changes nothing', async () => {
    writeFileSync(file, FILE.replaceAll('https://app.example.com/callback', 'https://app.example.com/#fragment'));
    const { code, stderr } = await apply('--yes');
    expect(code).toBe(1);
    for (const [id, line] of Object.entries({ 'web-app': 4, 'native-app': 8, 'third-app': 12, 'same-app': 15 }))
      expect(stderr).toMatch(new RegExp(`clients\\.yaml, line ${line}: ${id}: \\[A\\d+\\] redirectUris`));
    expect(await ids()).toEqual([]);
  });

  it('changes nothing without a terminal and --yes', async () => {
    expect(await apply()).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') as unknown });
    expect(received).toEqual([]);
  });

  it.each(['web-app', 'old-app'])('reports that %s was changed after the comparison', async (id) => {
    await storeClients();
    const made = await plan();
    await clientsOver().patch(id, { clientName: 'Meanwhile' });

    await expect(applyPlan(clientsOver(), made)).rejects.toThrow(
      new RegExp(
        `${id}: somebody changed the client after the comparison\\. \\d of 4 changes were made\\. Run the command again\\.$`,
      ),
    );
    expect(await clientsOver().get(id)).toMatchObject({ clientName: 'Meanwhile' });
  });

  it('reports a client that somebody created after the comparison', async () => {
    await storeClients();
    const made = await plan();
    await clientsOver().put('native-app', { ...REDIRECT, clientName: 'Meanwhile' });

    await expect(applyPlan(clientsOver(), made)).rejects.toThrow(/line 8: native-app: somebody changed/);
    expect(await clientsOver().get('native-app')).toMatchObject({ clientName: 'Meanwhile' });
  });

  it('does not need to delete a client that somebody deleted after the comparison', async () => {
    await storeClients();
    const made = await plan();
    await clientsOver().delete('old-app');

    await applyPlan(clientsOver(), made);
    expect(await ids()).toEqual(['foreign-app', 'native-app', 'same-app', 'third-app', 'web-app']);
  });

  it('says after Ctrl-C how many changes were made, and completes them when it is repeated', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `  - { id: app-${index}, tokenAuthMethod: NONE }\n`);
    writeFileSync(file, `manager: web-team\nclients:\n${many.join('')}`);
    const running = startCommand(environment, 'apply', '-f', file, '--yes');
    const http = server.app.getHttpServer();
    const interrupt = ({ method }: { method: string }) => {
      if (method !== 'PUT') return;
      // A second signal would end the command at once.
      http.off('request', interrupt);
      running.kill('SIGINT');
    };
    http.on('request', interrupt);
    const { code, stderr } = await running.outcome;

    const { length } = await ids();
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: `clientele: Interrupted: ${length} of 40 changes were made. Run the command again.\n`,
    });
    expect((await apply('--yes')).stdout).toContain(`= ${length} unchanged\nMade ${40 - length} changes.\n`);
  });

  it('says that nothing was changed if the server cannot be reached for the comparison', async () => {
    const settings = { ...environment, CLIENTELE_URL: 'http://127.0.0.1:1/api/5' };
    expect(await command(settings, 'apply', '-f', file, '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/connection to .* failed: .* Nothing was changed\.\n$/) as unknown,
    });
  });

  describe.each(['request', 'response'])('if the connection loses each %s after a number of changes', (lost) => {
    /** A connection that breaks after this number of changes. */
    const breakingAfter = (left: number): Fetch => {
      let changesLeft = left;
      return async (url, init) => {
        if (!['PUT', 'DELETE'].includes(init.method!)) return fetch(url, init);
        changesLeft -= 1;
        if (changesLeft >= 0) return fetch(url, init);
        if (lost === 'response') await (await fetch(url, init)).text();
        throw new TypeError('fetch failed');
      };
    };

    it('ends in the declared state when it is repeated', async () => {
      await storeClients();
      await applyPlan(clientsOver(), await plan());
      const declared = await state();

      const failures: string[] = [];
      for (let count = 0; count <= 4; count += 1) {
        for (const { clientId } of await listed()) await clientsOver().delete(clientId);
        await storeClients();
        await applyPlan(clientsOver(breakingAfter(count)), await plan()).catch((error: unknown) =>
          failures.push((error as Error).message),
        );
        await applyPlan(clientsOver(), await plan());
        expect(await state()).toEqual(declared);
        expect(await plan()).toMatchObject({ steps: [], deleted: [] });
      }
      const counted = expect.stringMatching(/ At least \d of 4 changes were made\. Run the command again\.$/) as string;
      expect(failures).toEqual([counted, counted, counted, counted]);
    });
  });

  it.each([
    ['manager: a\nclients: []\nextra: 1\n', ', line 3: "extra" is unknown; use manager and clients.'],
    ['manager: a b\nclients: []\n', ', line 1: manager must be a name'],
    ['manager: a\nclients: {}\n', ', line 2: clients must be a list.'],
    ['manager: a\nclients:\n  - id: x\n  - id: x\n', ', line 4: "x" is declared twice.'],
    ['manager: a\nclients:\n  - id: x\n    id: y\n', ', line 4: Map keys must be unique.'],
    ['manager: a\nclients:\n  - clientName: x\n', ', line 3: id must be the client_id'],
    ...['0o17', '1e3', '1.0', '007', '+5', '9007199254740992'].map((id): [string, string] => [
      `manager: a\nclients:\n  - clientName: x\n    id: ${id}\n`,
      ', line 4: the number is not written as an ID; quote it',
    ]),
    ['manager: a\nclients:\n  - id: 9007199254740993\n', 'exactly; write another one, or quote it'],
    ['manager: a\nclients:\n  - id: x\n    redirectUri: y\n', ', line 4: "redirectUri" is not a property'],
    ['manager: a\nclients:\n  - id: x\n    clientSecret: canary\n', ', line 4: clientSecret must not be in the file'],
    ['manager: a\nclients:\n  - id: x\n    clientSecret: { env: NONE }\n', 'environment variable NONE is not set'],
    [
      'manager: a\nclients:\n  - id: x\n    clientSecret: { env: toString }\n',
      'environment variable toString is not set',
    ],
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
    expect(received).toEqual([]);
  });
});
