import { createConfig, lintFromString } from '@redocly/openapi-core';
import { openApiPage } from '../docs/openapi-page.ts';

describe('docs/openapi.json', () => {
  it('satisfies the strictest rules of Redocly', async () => {
    const config = await createConfig({
      extends: ['recommended-strict'],
      // Unknown members are ignored (RFC 7591 section 2), so the schemas allow them.
      rules: { 'no-invalid-media-type-examples': { severity: 'error', allowAdditionalProperties: true } },
    });
    const source = await openApiPage();
    const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });
    const found = problems.map(({ ruleId, location: [place] }) => `${ruleId} ${operationAt(place!.pointer!)}`);

    // Health, metrics and this document do not depend on the request.
    const { paths } = JSON.parse(source) as { paths: Record<string, Record<string, { tags: string[] }>> };
    const withoutClientError = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { tags }]) => tags.includes('Operation'))
        .map(([method]) => `operation-4xx-response ${method} ${path}`),
    );
    expect(found.sort()).toEqual(withoutClientError.sort());
  });
});

/** Method and path of the operation that contains a position of the document. */
function operationAt(pointer: string): string {
  const [, , path, method] = pointer.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return `${method ?? ''} ${path ?? ''}`;
}
