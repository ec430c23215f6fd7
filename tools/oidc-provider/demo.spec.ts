import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

it('npm run demo:oidc-provider shows every step', async () => {
  // Rejects unless the exit code is 0.
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'tools/demo-oidc-provider.ts'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH },
  });

  expect(stdout.match(/^The application .*$/gm)?.map((line) => line.replace(/: +/, ': '))).toEqual([
    expect.stringMatching(/^The application registers at Clientele: client \d+$/),
    'The application logs in at oidc-provider: user alice',
    'The application is locked, and logs in: HTTP 400 invalid_client',
    'The application is unlocked, and logs in: user alice',
    'The application logs in while Clientele is stopped: user alice',
    expect.stringMatching(/: HTTP 503 temporarily_unavailable$/),
  ]);
  expect(stdout).toContain('Done: every result was as expected.');
});
