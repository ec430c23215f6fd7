import preset from '../../jest.preset.mjs';

const server = { ...preset, setupFiles: ['reflect-metadata'] };

/**
 * Files that test one engine alone, or what is decided before the store is asked or after it has answered. What they store
 * besides is stored alike on both engines: client-store.contract.ts and database.contract.ts prove it for every kind of value,
 * and postgres-differential.e2e-spec.ts for whole responses.
 */
const ON_EMBEDDED_STORE_ALONE = [
  // The process, its settings and its signals; the embedded store itself; a browser.
  'main[^/]*',
  'sqlite[^/]*',
  'browser',
  // What metadata is accepted and what the rules make of it: a function of the request and the settings of the service.
  'bad-input',
  'choices',
  'fuzz',
  'interoperability',
  'policy',
  'rules',
  'software-statement',
  // HTTP: headers, origins, connections, limits, credentials that are refused.
  'connections',
  'cors',
  'headers',
  'protocol-credentials',
  'rate-limits',
  // Documents about the server.
  'discovery',
  'openapi',
  // Libraries of others, which see the responses alone.
  'authlete-sdk',
  'client-libraries',
  'conformance',
];

/** Everything on the embedded store; then, on PostgreSQL, what its store may change, and the store's contract. */
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
      testPathIgnorePatterns: ['/node_modules/', `/(${ON_EMBEDDED_STORE_ALONE.join('|')})\\.e2e-spec\\.ts$`],
      globals: { TEST_ENGINE: 'postgresql' },
      globalSetup: '<rootDir>/test/support/postgres.setup.ts',
      globalTeardown: '<rootDir>/test/support/postgres.teardown.ts',
    },
  ],
};
