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

  const [, steps = ''] = stdout.split('\n\n');
  expect(steps.split('\n').map((line) => line.replace(/: +/, ': '))).toEqual([
    expect.stringMatching(/^An application registers at Clientele: client \d+$/),
    'It logs in at oidc-provider: user alice',
    'It is locked, and logs in: HTTP 400 invalid_client',
    'It is unlocked, and logs in: user alice',
    'It logs in while Clientele is stopped: user alice',
    'An application that oidc-provider has not seen yet logs in: HTTP 503 temporarily_unavailable',
  ]);
});
