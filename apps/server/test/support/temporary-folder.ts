import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An empty folder for each test of the suite that calls this, removed after the test. */
export function temporaryFolder(): { readonly path: string } {
  let path = '';
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'clientele-'));
  });
  afterEach(() => {
    rmSync(path, { recursive: true });
  });
  return {
    get path() {
      return path;
    },
  };
}
