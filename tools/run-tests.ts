/**
 * Runs every project's tests and ends with one line, `N passed, N failed`, over all of them; exits as the run did.
 * Arguments are passed on to Nx (`npm test -- --projects=model`).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';

/** What Jest leaves of a project's run; Nx keeps it beside the cached result. */
interface TestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Files that could not be run at all. */
  readonly numRuntimeErrorTestSuites: number;
}

const RESULTS = ['libs/model', 'libs/client', 'apps/server', 'tools'].map((project) => `${project}/test-results.json`);

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
