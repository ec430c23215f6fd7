/**
 * What calls over HTTP cost as the clients become more, and as their metadata grows; writes docs/benchmarks/growth.md, size.md and
 * the same as JSON (see `http/growth-benchmark.ts` and `http/size-benchmark.ts`). With a number as argument: up to so many
 * clients, and nothing is written.
 */
import { growthPage, runGrowthBenchmark } from './http/growth-benchmark.ts';
import { runSizeBenchmark, sizePage } from './http/size-benchmark.ts';
import { printReport, writeReport } from './report.ts';

const [, , most] = process.argv;
const effort = { rounds: 5, turn: 1_000, warmUp: 2_000 };
const quick = { rounds: 1, turn: 100, warmUp: 100 };
const write = most === undefined ? writeReport : printReport;

const sizes = await runSizeBenchmark([1_000, 2_500, 10_000, 40_000], most === undefined ? effort : quick);
write('size', sizePage(sizes), sizes);

const counts = [1_000, 100_000, 1_000_000].filter((count) => count <= Number(most ?? Infinity));
const growth = await runGrowthBenchmark(counts, most === undefined ? effort : quick);
write('growth', growthPage(growth), growth);
