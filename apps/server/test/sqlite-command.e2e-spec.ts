import { join } from 'node:path';
import { command, commandAlone } from './support/command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

describe('the command line of clientele', () => {
  const folder = temporaryFolder();

  it.each([
    [[], /^Usage: clientele /],
    [['migrat'], /unknown command 'migrat'\n\(Did you mean migrate\?\)/],
    [['migrate'], /^Usage: clientele migrate /],
    [['migrate', 'up', 'now'], /too many arguments/],
    [['migrate', 'up', '--fast'], /unknown option '--fast'/],
    [['backup'], /missing required argument 'file'/],
    [['restore'], /missing required argument 'file'/],
  ])('exits with code 2 and prints help or an error for the arguments %j', async (words, expected) => {
    const { code, stdout, stderr } = await command({ DATA_DIR: folder.path }, ...words);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(expected);
  });

  it.each([[['--help']], [['help', 'migrate']], [['migrate', 'up', '--help']], [['--version']]])(
    'exits with code 0 for the arguments %j',
    async (words) => {
      expect(await command({}, ...words)).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it.each([
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must be postgres://'],
    [{ DATABASE_URL: 'sqlite::memory:' }, /DATABASE_URL is sqlite::memory:, a store in the memory of a server/],
    [
      { DATABASE_URL: 'postgres://user:pass-word@127.0.0.1:1/x' },
      /PostgreSQL cannot be reached at 127\.0\.0\.1:1\. Check the host and the port in DATABASE_URL/,
    ],
  ])('exits with code 1 and prints one line if the settings are %j', async (settings, expected) => {
    const { code, stdout, stderr } = await command(settings, 'migrate', 'up');

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^clientele: [^\n]+\n$/);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toContain('pass-word');
  });

  it('warns of a misspelt setting, and runs', async () => {
    const { code, stderr } = await command({ DATABASE_UR: 'x' }, 'config', 'print');

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'clientele: warning: DATABASE_UR is not a setting. Did you mean DATABASE_URL?\n',
    });
  });

  it.each([
    [0, ['--version']],
    [1, ['backup', 'none/backup.db']],
    [2, ['migrate', 'up', '--fast']],
    [3, ['migrate', 'status']],
  ])('exits with code %d and prints the same in a separate process for %j', async (code, words) => {
    const separate = await commandAlone({ DATA_DIR: folder.path }, ...words);

    expect(separate.code).toBe(code);
    expect(separate).toEqual(await command({ DATA_DIR: folder.path }, ...words));
  });

  it('serve exits with code 1 and prints the reason if the server cannot start', async () => {
    expect(await command({ DATA_DIR: join(folder.path, 'data'), PORT: 'x' }, 'serve')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Clientele cannot start.\nPORT must be a port number from 0 to 65535.\n',
    });
  });
});
