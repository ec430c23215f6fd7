import { createConfig, lintFromString } from '@redocly/openapi-core';
import { OPERATIONS } from '../../apps/server/src/openapi/operations.ts';
import { ServerProcess } from '../crash/server-process.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('/openapi.json', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'clientele-openapi-'));
  let server: ServerProcess;
  let source: string;

  beforeAll(async () => {
    server = new ServerProcess({ DATA_DIR: dataDir });
    const { baseUrl } = await server.listening();
    source = await (await fetch(`${baseUrl}/openapi.json`)).text();
  });

  afterAll(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('satisfies the strictest rules of Redocly', async () => {
    const config = await createConfig({
      extends: ['recommended-strict'],
      // Members that are not known are ignored (RFC 7591 section 2), so the schemas allow them.
      rules: { 'no-invalid-media-type-examples': { severity: 'error', allowAdditionalProperties: true } },
    });
    const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });

    // Health, metrics and this document are answered whatever a caller sends.
    const cannotErr = OPERATIONS.filter(({ tag }) => tag === 'Operation').map(
      ({ method, path }) => `${method} ${path}`,
    );
    const [withoutClientError, others] = [true, false].map((wanted) =>
      problems.filter(({ ruleId }) => (ruleId === 'operation-4xx-response') === wanted),
    );
    expect(others).toEqual([]);
    expect(withoutClientError!.map(({ location }) => operationAt(location[0]!.pointer!)).sort()).toEqual(
      cannotErr.sort(),
    );
  });
});

/** The operation that a place in the document is in: method and path. */
function operationAt(pointer: string): string {
  const [, , path, method] = pointer.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return `${method!} ${path!}`;
}
