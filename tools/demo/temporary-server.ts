import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../crash/server-process.ts';

export const SERVICE_ID = 986126671;
export const ACCESS_TOKEN = 'an-api-access-token-for-the-demo';

/** Starts a server with a new store, which is deleted when this process ends. */
export function startTemporaryServer(): ServerProcess {
  // process.exit() also ends the running server.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const dataDir = mkdtempSync(join(tmpdir(), 'clientele-demo-'));
  process.on('exit', () => {
    rmSync(dataDir, { recursive: true, force: true });
  });
  return new ServerProcess({
    DATA_DIR: dataDir,
    BOOTSTRAP_SERVICE_ID: String(SERVICE_ID),
    BOOTSTRAP_ACCESS_TOKEN: ACCESS_TOKEN,
  });
}
