/**
 * Whether the memory of the server stays as it is over a million updates; writes docs/benchmarks/memory.md and memory.json (see
 * `http/memory-benchmark.ts`). With a number as argument: so many updates, and nothing is written.
 */
import { memoryPage, runMemoryBenchmark } from './http/memory-benchmark.ts';
import { printReport, writeReport } from './report.ts';

const [, , updates = '1000000'] = process.argv;
const report = await runMemoryBenchmark({
  updates: Number(updates),
  every: Number(updates) / 20,
  warmUp: Number(updates) / 5,
  connections: 64,
  clients: 1_000,
});
const write = process.argv.length === 2 ? writeReport : printReport;
write('memory', memoryPage(report), report);
