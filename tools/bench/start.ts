/**
 * How long the server takes to be ready after `kill -9`, with none to a million clients in the embedded store; writes
 * docs/benchmarks/start.md and start.json (see `start/start-benchmark.ts`). With a number as argument: so many clients at most,
 * and nothing is written.
 */
import { printReport, writeReport } from './report.ts';
import { startPage, runStartBenchmark } from './start/start-benchmark.ts';

const [, , largest = '1000000'] = process.argv;
const sizes = [0, 100_000, 1_000_000].filter((size) => size <= Number(largest));
const report = await runStartBenchmark({ sizes, rounds: 9, registrations: 500 });
const write = process.argv.length === 2 ? writeReport : printReport;
write('start', startPage(report), report);
