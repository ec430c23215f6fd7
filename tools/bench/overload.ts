/**
 * What the server does when four times as much arrives as it can answer; writes docs/benchmarks/overload.md and overload.json (see
 * `http/overload-benchmark.ts`). With a number as argument: so many rounds, and nothing is written.
 */
import { runOverloadBenchmark } from './http/overload-benchmark.ts';
import { overloadPage } from './http/overload-page.ts';
import { printReport, writeReport } from './report.ts';

const [, , rounds] = process.argv;
const report = await runOverloadBenchmark({
  rounds: Number(rounds ?? 5),
  clients: 4_000,
  warmUp: 20_000,
  sustained: 10_000,
  seconds: 5,
});
const write = rounds === undefined ? writeReport : printReport;
write('overload', overloadPage(report), report);
