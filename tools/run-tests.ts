/**
 * Runs the tests of every project and prints the sum as the last line, `N passed, N failed`. Exits with the code of Nx, which
 * gets all arguments (`npm test -- --projects=model`).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';

/** The results that Jest writes for a project; Nx restores them from its cache. */
interface TestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Files that could not be run. */
  readonly numRuntimeErrorTestSuites: number;
}

const PROJECTS = ['libs/model', 'libs/client', 'libs/oidc-provider', 'apps/server', 'tools'];
const RESULTS = PROJECTS.map((project) => `${project}/test-results.json`);

for (const path of RESULTS) rmSync(path, { force: true });
const run = spawnSync('npx', ['nx', 'run-many', '-t', 'test', '--output-style=static', ...process.argv.slice(2)], {
  stdio: 'inherit',
});

let passed = 0;
let failed = 0;
for (const path of RESULTS.filter((path) => existsSync(path))) {
  const results = JSON.parse(readFileSync(path, 'utf8')) as TestResults;
  passed += results.numPassedTests;
  failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(run.status ?? 1);
