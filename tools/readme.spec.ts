import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClientInformation, ClientPage } from '@clientele/model/metadata';
import { codeBlocks } from './docs/code-blocks.ts';
import { ACCESS_TOKEN, DocumentedServer, SERVICE_ID } from './docs/documented-server.ts';
import { documentedUpdate } from './package/documented-update.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

describe('the examples of the documentation', () => {
  const server = new DocumentedServer();
  const run: DocumentedServer['run'] = (...command) => server.run(...command);
  const runWith: DocumentedServer['runWith'] = (...command) => server.runWith(...command);

  beforeAll(() => server.listening());
  afterAll(() => server.stop());

  it('registers and updates a client with curl', async () => {
    const updated = await documentedUpdate(server.baseUrl, SERVICE_ID, ACCESS_TOKEN);
    expect(updated).toMatchObject({ action: 'UPDATED', client: { clientName: 'My New Name' } });
  });

  it('registers a client by RFC 7591 with curl, as in the README and docs/protocol.md', async () => {
    const [, , ofReadme] = codeBlocks('README.md', 'bash');
    const [register, createToken] = codeBlocks('docs/protocol.md', 'bash');
    for (const command of [ofReadme!, register!]) {
      const information = JSON.parse(await run('bash', '-c', command)) as ClientInformation;
      expect(information).toMatchObject({ client_name: 'My Client' });
      expect(information.registration_client_uri).toBe(
        `${server.baseUrl}/connect/${SERVICE_ID}/register/${information.client_id}`,
      );
    }
    expect(JSON.parse(await run('bash', '-c', createToken!))).toMatchObject({
      uses: 5,
      usesLeft: 5,
      label: 'Mobile team',
    });
  });

  it('registers and updates a client with the SDK', async () => {
    const [script] = codeBlocks('README.md', 'js');
    const printed = await run(process.execPath, '--input-type=module', '--eval', script!);
    expect(printed).toMatch(/^UPDATED \{/);
    expect(printed).toContain("client_name: 'My New Name'");
  });

  it('looks a client up as in docs/look-up.md', async () => {
    const [register] = codeBlocks('docs/protocol.md', 'bash');
    const client = JSON.parse(await run('bash', '-c', register!)) as ClientInformation;
    const variables = { CLIENT_ID: client.client_id, CLIENT_SECRET: client.client_secret! };
    const [resolve, verify, get] = codeBlocks('docs/look-up.md', 'bash');
    const paste = async (block: string) => JSON.parse(await runWith(variables, 'bash', '-c', block)) as object;

    expect(await paste(resolve!)).toMatchObject({
      action: 'OK',
      source: 'dynamic',
      metadata: { client_id: client.client_id, client_name: 'My Client' },
      secrets: [{ sha256: hash('sha256', client.client_secret!, 'base64url'), expiresAt: 0 }],
    });
    expect(await paste(verify!)).toEqual({ action: 'OK', expiresAt: 0 });
    expect(await paste(get!)).toMatchObject({ clientId: Number(client.client_id), clientName: 'My Client' });
  });

  it('creates, changes, locks and deletes a client as in docs/clients.md', async () => {
    const FOLDER = mkdtempSync(join(tmpdir(), 'clientele-clients-'));
    const paste = (block: string) => runWith({ FOLDER }, 'bash', '-c', `cd "$FOLDER" && ${block}`);
    const [create, putNew, find, patch, get, preview, put, rotate, hashed, limit, lock, remove, ...others] = codeBlocks(
      'docs/clients.md',
      'bash',
    );
    const parse = async (block: string) => JSON.parse(await paste(block)) as object;

    expect(await parse(create!)).toMatchObject({ clientName: 'My Client', clientSource: 'STATIC_REGISTRATION' });
    const created = await parse(putNew!);
    expect(created).toMatchObject({ clientSecret: 'a-long-secret-from-the-other-server' });
    expect(await parse(putNew!)).toMatchObject({ resultCode: 'A001108' });
    const { clients } = (await parse(find!)) as ClientPage;
    expect(clients.map(({ canonicalClientId }) => canonicalClientId)).toContain('my-client');
    const patched = await parse(patch!);
    expect(patched).toMatchObject({ clientName: 'My Client', clientUri: 'https://client.example.com/' });
    expect(await paste(get!)).toBe('');
    expect(await parse(preview!)).toMatchObject({ outcome: 'unchanged', differences: [] });
    expect(await parse(put!)).toEqual(patched);
    expect(await parse(rotate!)).toMatchObject({
      resultCode: 'A148001',
      oldClientSecret: 'a-long-secret-from-the-other-server',
      overlapEndsAt: expect.any(Number) as number,
    });
    const imported = await parse(hashed!);
    expect(imported).toMatchObject({ clientName: 'Imported' });
    expect(imported).not.toHaveProperty('clientSecret');
    expect(await parse(limit!)).toEqual({ requestableScopes: ['openid', 'profile'] });
    expect(await parse(lock!)).toMatchObject({ resultCode: 'A293001' });
    expect(await parse(put!)).toMatchObject({ resultCode: 'A001108' });
    expect(await paste(remove!)).toBe('');
    expect(await parse(lock!)).toMatchObject({ resultCode: 'A001218' });
    expect(others).toEqual([]);
    rmSync(FOLDER, { recursive: true });
  });

  describe('on the command line', () => {
    const PATH = [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter);
    const [login, ...incident] = codeBlocks('docs/cli.md', 'bash');
    const XDG_CONFIG_HOME = mkdtempSync(join(tmpdir(), 'clientele-login-'));
    const paste = (block: string, variables = {}) =>
      runWith({ PATH, XDG_CONFIG_HOME, ...variables }, 'bash', '-c', block);

    beforeAll(async () => {
      expect(await paste(login!)).toMatch(/^Logged in to http:\S+ The token \w{12} is for all services/);
    });

    afterAll(() => {
      rmSync(XDG_CONFIG_HOME, { recursive: true });
    });

    it('handles an incident as in docs/cli.md', async () => {
      const [register] = codeBlocks('docs/protocol.md', 'bash');
      const { client_id: CLIENT_ID } = JSON.parse(await run('bash', '-c', register!)) as ClientInformation;
      const [find, ...steps] = incident;
      expect(await paste(find!)).toMatch(new RegExp(`^${CLIENT_ID} +My Client +confidential +dynamic `, 'm'));

      const outputs: string[] = [];
      for (const step of steps) outputs.push(await paste(step, { CLIENT_ID }));
      expect(outputs).toEqual([
        `The client ${CLIENT_ID} is locked.\n`,
        expect.stringMatching(/^[\w-]{43,}\n$/),
        expect.stringMatching(/^[\w-]{86}\n$/),
        `The client ${CLIENT_ID} is unlocked.\n`,
      ]);
    });

    it('applies a file as in docs/apply.md', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'clientele-apply-'));
      const [file] = codeBlocks('docs/apply.md', 'yaml');
      writeFileSync(join(folder, 'clients.yaml'), file!);
      const [compare, apply, ...others] = codeBlocks('docs/apply.md', 'bash');
      const variables = { WEB_APP_SECRET: 'a-secret-of-the-web-app' };
      const inFolder = (block: string) => paste(`cd ${folder} && ${block}`, variables);

      await expect(inFolder(compare!)).rejects.toMatchObject({ code: 3, stdout: '+ web-app  created\n' });
      expect(await inFolder(apply!)).toBe('+ web-app  created\nMade 1 change.\n');
      expect(await inFolder(compare!)).toBe('= 1 unchanged\n');
      expect(others).toEqual([]);
      rmSync(folder, { recursive: true });
    });
  });

  it('changes the settings of a service as in docs/services.md', async () => {
    const [patch, impact] = codeBlocks('docs/services.md', 'bash');
    expect(JSON.parse(await run('bash', '-c', patch!))).toMatchObject({
      apiKey: Number(SERVICE_ID),
      unsupportedValues: 'NARROW',
      supportedCustomClientMetadata: ['department'],
    });
    const lines = (await run('bash', '-c', impact!)).trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ done: true });
  });
});
