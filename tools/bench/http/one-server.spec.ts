import { flameGraph } from './flame-graph.ts';
import { growthPage, runGrowthBenchmark } from './growth-benchmark.ts';
import { memoryPage, runMemoryBenchmark } from './memory-benchmark.ts';
import { runOverloadBenchmark } from './overload-benchmark.ts';
import { overloadPage } from './overload-page.ts';
import { profilePage } from './profile-page.ts';
import { profileUpdates } from './profile-updates.ts';
import { runSizeBenchmark, sizePage } from './size-benchmark.ts';

/** Long enough for every call to be made; nothing is to be learned from the figures. */
const EFFORT = { rounds: 1, turn: 1, warmUp: 1 };

const LIMIT = 120_000;

describe('the benchmarks of the server alone', () => {
  it(
    'look at its memory in between updates',
    async () => {
      const effort = { updates: 40, every: 10, warmUp: 20, connections: 2, clients: 4 };
      const report = await runMemoryBenchmark(effort);

      expect(report.samples.map(({ updates }) => updates)).toEqual([0, 10, 20, 30, 40]);
      expect(report.samples.every(({ memory }) => memory > 1_000_000)).toBe(true);
      expect(memoryPage(report)).toContain('| 40 | ');
    },
    LIMIT,
  );

  it(
    'measure stores of more and more clients',
    async () => {
      const report = await runGrowthBenchmark([200, 400], EFFORT);

      expect(report.lines.map(({ workload, clients }) => [workload, clients])).toEqual([
        ...[200, 400, 200, 400].map((clients) => ['get', clients]),
        ...[200, 400, 200, 400].map((clients) => ['update', clients]),
      ]);
      expect(growthPage(report)).toContain('| update | 64 | 400 | ');
    },
    LIMIT,
  );

  it(
    'measure longer and longer metadata',
    async () => {
      const report = await runSizeBenchmark([1_000, 40_000], EFFORT);

      expect(report.lines.map(({ perThousand }) => perThousand === undefined)).toEqual([true, false, true, false]);
      expect(sizePage(report)).toContain('| update | 39,919 | ');
    },
    LIMIT,
  );

  it(
    'send more than is answered, and account for all of it',
    async () => {
      const report = await runOverloadBenchmark({ rounds: 1, clients: 1_100, warmUp: 64, sustained: 64, seconds: 0.2 });

      for (const { overload, afterwards } of report.rounds) {
        for (const { arrived, admitted, refused, failed, held } of [overload, ...afterwards]) {
          expect(admitted.count + refused.count + failed + held).toBe(arrived);
          expect(admitted.count).toBeGreaterThan(0);
        }
      }
      expect(overloadPage(report)).toContain('| 1 | second 3 after it | ');
    },
    LIMIT,
  );

  it(
    'draw where the time of an update goes',
    async () => {
      const load = { connections: 2, requests: 200 };
      const { machine, profile } = await profileUpdates(load);

      expect(flameGraph(profile, (url) => url)).toMatch(/^<svg [^]*<title>all: 100\.0 %<\/title>[^]*<\/svg>\n$/);
      expect(profilePage(machine, load, profile, (url) => url)).toContain('(garbage collector)');
    },
    LIMIT,
  );
});
