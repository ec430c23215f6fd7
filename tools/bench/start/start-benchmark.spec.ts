import { runStartBenchmark, startPage } from './start-benchmark.ts';

describe('the benchmark of starts', () => {
  it('finds the server ready after every kill, and writes a line for each size', async () => {
    const report = await runStartBenchmark({ sizes: [0, 1_000], rounds: 1, registrations: 10 });
    const page = startPage(report);

    expect(report.results.map(({ clients }) => clients)).toEqual([0, 1_000]);
    for (const { ready } of report.results) expect(ready.median).toBeGreaterThan(0);
    expect(page).toContain('| 1,000 | ');
  });
});
