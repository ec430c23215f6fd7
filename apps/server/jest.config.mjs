import preset from '../../jest.preset.mjs';

const server = { ...preset, setupFiles: ['reflect-metadata'] };

/**
 * Tests that run on the embedded store only: they test that store itself, or code that runs before and after access to the
 * database. client-store.contract.ts, database.contract.ts and postgres-differential.e2e-spec.ts prove that both databases
 * store and return the same.
 */
const ON_EMBEDDED_STORE_ALONE = [
  // The process, its settings and its signals; the embedded store; a browser.
  'main[^/]*',
  'sqlite[^/]*',
  'browser',
  // Accepted metadata, which depends only on the request and the settings of the service.
  'bad-input',
  'fuzz',
  'policy',
  'software-statement',
  // HTTP: headers, origins, connections, limits, rights, rejected credentials, fetches.
  'access-matrix',
  'connections',
  'cors',
  'headers',
  'outbound',
  'overload',
  'protocol-credentials',
  'rate-limits',
  // Generated documents.
  'discovery',
  'openapi',
  'service-configuration',
  // Decisions that store nothing.
  'cli-check',
  'explain',
  // Libraries and commands that see only responses.
  'authlete-sdk[^/]*',
  'cli-apply',
  'cli-client[^/]*',
  'cli-login',
  'cli-services',
  'client-libraries',
  'client-sdk',
  'conformance',
];

/** All tests run on the embedded store, and those that depend on the database also on PostgreSQL. */
export default {
  // Jest ignores testTimeout in projects.
  testTimeout: preset.testTimeout,
  // Two workers are faster than one even on two processors, because most tests wait for disks and processes.
  maxWorkers: 2,
  projects: [
    { ...server, displayName: 'server', testPathIgnorePatterns: ['/node_modules/', '/postgres[^/]*\\.e2e-spec\\.ts$'] },
    {
      ...server,
      displayName: 'server on PostgreSQL',
      testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', `/(${ON_EMBEDDED_STORE_ALONE.join('|')})\\.e2e-spec\\.ts$`],
      globals: { TEST_ENGINE: 'postgresql' },
      globalSetup: '<rootDir>/test/support/postgres.setup.ts',
      globalTeardown: '<rootDir>/test/support/postgres.teardown.ts',
    },
  ],
};
