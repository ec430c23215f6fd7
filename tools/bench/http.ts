/** What the API costs over HTTP, beside the floor; writes docs/benchmarks/http.md and http.json (see `http/http-benchmark.ts`). */
import { httpPage, runHttpBenchmark } from './http/http-benchmark.ts';
import { writeReport } from './report.ts';

const report = await runHttpBenchmark({
  rounds: 5,
  clients: 256,
  warmUp: 8_000,
  turns: [
    { connections: 1, requests: 500 },
    { connections: 16, requests: 1_500 },
    { connections: 64, requests: 2_500 },
  ],
});
writeReport('http', httpPage(report), report);
