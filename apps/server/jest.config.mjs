import preset from '../../jest.preset.mjs';

const server = { ...preset, setupFiles: ['reflect-metadata'] };

/** Everything on the embedded store; then all that is tested over HTTP, and the store's contract, on PostgreSQL. */
export default {
  // Jest takes it from here alone, and not from the projects.
  testTimeout: preset.testTimeout,
  // Most of the time goes by waiting for disks and processes, also on a machine of two processors.
  maxWorkers: 2,
  projects: [
    { ...server, displayName: 'server', testPathIgnorePatterns: ['/node_modules/', '/postgres[^/]*\\.e2e-spec\\.ts$'] },
    {
      ...server,
      displayName: 'server on PostgreSQL',
      testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/(sqlite|main|browser)[^/]*\\.e2e-spec\\.ts$'],
      globals: { TEST_ENGINE: 'postgresql' },
      globalSetup: '<rootDir>/test/support/postgres.setup.ts',
      globalTeardown: '<rootDir>/test/support/postgres.teardown.ts',
    },
  ],
};
