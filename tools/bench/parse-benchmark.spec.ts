import { LIMITS } from '@clientele/model/metadata';
import { readMetadata, readRequest } from '../../apps/server/src/registration/registration-metadata.ts';
import { newService } from '../../apps/server/src/service/service.ts';
import { ORDINARY_DOCUMENT, SHAPES } from './documents.ts';
import { parsePage, runParseBenchmark, SIZES } from './parse-benchmark.ts';
import { measureRounds, ratio, spread } from './rounds.ts';

const service = newService(1, 1, 0);
const read = (json: string) => readMetadata(service, readRequest(json));

describe('the benchmark of reading client metadata', () => {
  it('has an ordinary document of 40 members or more and about 2.5 kB that breaks no rule', () => {
    expect(Object.keys(JSON.parse(ORDINARY_DOCUMENT) as object).length).toBeGreaterThanOrEqual(40);
    expect(Math.abs(ORDINARY_DOCUMENT.length - 2_500)).toBeLessThan(250);
    expect(() => read(ORDINARY_DOCUMENT)).not.toThrow();
  });

  it.each(Object.entries(SHAPES))('has documents made of %s in all sizes, which break no rule', (_shape, document) => {
    for (const size of SIZES) {
      const json = document(size);
      expect(json.length).toBeLessThanOrEqual(LIMITS.json);
      expect(json.length).toBeGreaterThan(size * 0.9);
      expect(() => read(json)).not.toThrow();
    }
  });

  it('runs, and writes a line for every document', async () => {
    const report = await runParseBenchmark(read, { rounds: 1, turn: 1, warmUp: 1 }, [2_500]);
    const page = parsePage(report);

    expect(report.growth.map(({ shape }) => shape)).toEqual(Object.keys(SHAPES));
    for (const { shape, read } of report.growth) {
      expect(read.median).toBeGreaterThanOrEqual(0);
      expect(page).toContain(`| ${shape} |`);
    }
  });
});

describe('rounds', () => {
  it('give every subject as many turns as there are rounds, and wait for what it promises', async () => {
    let waited = 0;
    const subjects = {
      one: () => JSON.parse('[1]') as unknown,
      other: async () => {
        await Promise.resolve();
        waited++;
      },
    };

    const times = await measureRounds(subjects, { rounds: 3, turn: 1, warmUp: 1 });

    expect(times.one).toHaveLength(3);
    expect(times.other).toHaveLength(3);
    expect(waited).toBeGreaterThan(3);
  });

  it('are summed up by the median, the smallest and the greatest; ratios are of the same round', () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spread([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
    expect(ratio([10, 40, 90], [1, 2, 3])).toEqual({ median: 20, min: 10, max: 30 });
  });
});
