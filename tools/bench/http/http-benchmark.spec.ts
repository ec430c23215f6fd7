import { httpPage, runHttpBenchmark } from './http-benchmark.ts';

describe('the benchmark of the API over HTTP', () => {
  it('is answered every call by the server and by the floor, and writes a line for each', async () => {
    const turns = [{ connections: 2, requests: 8 }];
    const report = await runHttpBenchmark({ rounds: 1, clients: 2, warmUp: 64, turns });
    const page = httpPage(report);

    expect(report.lines.map(({ operation }) => operation)).toEqual(['update', 'get', 'register']);
    for (const { operation, server, floor, efficiency } of report.lines) {
      expect(server.requestsPerSecond.median).toBeGreaterThan(0);
      expect(floor.requestsPerSecond.median).toBeGreaterThan(0);
      expect(efficiency.median).toBeGreaterThan(0);
      expect(page.split(`| ${operation} | 2 |`)).toHaveLength(4);
    }
  }, 60_000);
});
