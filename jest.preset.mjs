/**
 * What every project's jest.config.mjs starts from: TypeScript through SWC, native ES modules (NestJS 12 ships nothing
 * else), workspace packages from their sources.
 */
export default {
  testEnvironment: 'node',
  testMatch: ['**/*.spec.ts', '**/*.e2e-spec.ts'],
  testEnvironmentOptions: { customExportConditions: ['@clientele/source', 'node'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  injectGlobals: true,
  errorOnDeprecated: true,
  // Milliseconds. Nothing here measures time; a machine that does other things as well must not fail a test.
  testTimeout: 120_000,
};
