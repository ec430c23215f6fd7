/**
 * The base of every jest.config.mjs: SWC compiles TypeScript, tests run as native ES modules (NestJS 12 has no other form),
 * and packages of the workspace resolve to their sources.
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
  // In milliseconds. No test measures time, so a busy machine must not let a test fail.
  testTimeout: 120_000,
};
