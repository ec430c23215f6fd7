import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import '../src/config/config.ts';
import { SETTINGS } from '../src/config/setting.ts';
import { command, newKey } from './support/command.ts';
import { ServerProcess } from './support/server-process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

interface Printed {
  readonly settings: readonly {
    readonly name: string;
    readonly value: string | number | null;
    readonly source: string;
    readonly file?: string;
  }[];
}

describe('clientele config print', () => {
  const folder = temporaryFolder();

  const printSettings = async (environment: Readonly<Record<string, string>>): Promise<Printed> => {
    const { code, stdout, stderr } = await command(environment, 'config', 'print', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as Printed;
  };

  it('prints every setting with its default, including defaults that depend on other settings', async () => {
    const { settings } = await printSettings({});

    expect(settings.map(({ name }) => name)).toEqual(SETTINGS.map(({ name }) => name));
    const valueOf = Object.fromEntries(settings.map(({ name, value }) => [name, value]));
    expect(valueOf).toMatchObject({
      PORT: 3000,
      BASE_URL: 'http://127.0.0.1:3000',
      DATABASE_URL: 'sqlite:data/clientele.db',
      ENCRYPTION_KEY: '[in data/encryption.key]',
      BOOTSTRAP_SERVICE_ID: null,
      LOG_LEVEL: 'info',
    });
    expect(new Set(settings.map(({ source }) => source))).toEqual(new Set(['default']));
  });

  it('prints the source of each setting, and redacts secrets', async () => {
    const url = join(folder.path, 'url');
    writeFileSync(url, 'postgres://user:canary-password@db.example.com/clientele\n');
    const key = newKey();
    const environment = {
      DATABASE_URL_FILE: url,
      ENCRYPTION_KEY: key,
      BOOTSTRAP_ACCESS_TOKEN: 'canary-token-with-32-characters-or-more',
      BASE_URL: 'https://clients.example.com/',
      PORT: '',
    };

    const { settings } = await printSettings(environment);
    for (const setting of [
      { name: 'DATABASE_URL', value: 'postgres://user:[redacted]@db.example.com/clientele', source: 'file', file: url },
      { name: 'ENCRYPTION_KEY', value: '[redacted]', source: 'environment' },
      { name: 'BOOTSTRAP_ACCESS_TOKEN', value: '[redacted]', source: 'environment' },
      { name: 'BASE_URL', value: 'https://clients.example.com/', source: 'environment' },
      { name: 'PORT', value: 3000, source: 'default' },
    ]) {
      expect(settings).toContainEqual(setting);
    }
    const text = (await command(environment, 'config', 'print')).stdout;
    expect(text).toMatch(new RegExp(`^DATABASE_URL +file ${url} +postgres://user:\\[redacted\\]@db`, 'm'));
    expect(text).toMatch(/^MANAGEMENT_PORT +default +\(not set\)$/m);
    expect(text + JSON.stringify(settings)).not.toMatch(new RegExp(`canary|${key}`));
  });

  it.each([
    { PORT: 'x', LOG_LEVEL: 'x' },
    { HOST: '0.0.0.0' },
    { DATABASE_URL: 'postgres://user:canary-password@db.example.com/clientele' },
    { DATABASE_URL: 'mysql://user:canary-password@db.example.com/clientele' },
    { ENCRYPTION_KEY: 'canary-key' },
    { BOOTSTRAP_ACCESS_TOKEN: 'canary token', BOOTSTRAP_ACCESS_TOKEN_FILE: '/missing' },
    { ENCRYPTION_KEY_FILE: '/missing/key' },
  ])('rejects %j with the same message as the server', async (environment) => {
    const server = new ServerProcess({ DATA_DIR: folder.path, ...environment });
    expect(await server.ended).toMatchObject({ code: 1 });
    const message = server.stderr.replace('Clientele cannot start.\n', '');

    expect(message).not.toContain('canary');
    expect(await command(environment, 'config', 'print')).toEqual({
      code: 1,
      stdout: '',
      stderr: `clientele: ${message}`,
    });
    expect(await command(environment, 'config', 'print', '--json')).toEqual({
      code: 1,
      stdout: `${JSON.stringify({ error: message.trimEnd() })}\n`,
      stderr: `clientele: ${message}`,
    });
  });
});
