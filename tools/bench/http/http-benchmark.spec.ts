import { runHttpBenchmark } from './http-benchmark.ts';
import { httpPage } from './http-page.ts';
import { SMOKE_PLAN } from './plan.ts';

describe('the benchmark of calls over HTTP', () => {
  it('is answered every call by every contender, and writes a line for each', async () => {
    const report = await runHttpBenchmark(SMOKE_PLAN, { rounds: 1, turn: 1, warmUp: 1, clients: 16 });
    const page = httpPage(report);

    expect(report.cells).toHaveLength(SMOKE_PLAN.length);
    for (const { workload, connections, figures, comparisons } of report.cells) {
      for (const { name, figures: measured } of figures) {
        expect(measured.requestsPerSecond.median).toBeGreaterThan(0);
        expect(measured.cpu.median).toBeGreaterThan(0);
        expect(page).toContain(`| ${workload} | ${connections} | ${name} | `);
      }
      for (const { ours, beside, throughput } of comparisons) {
        expect(throughput.median).toBeGreaterThan(0);
        expect(page).toContain(`| ${workload} | ${connections} | ${ours} | ${beside} | `);
      }
    }
  }, 240_000);
});
