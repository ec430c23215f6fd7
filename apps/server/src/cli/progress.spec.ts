import { Progress } from './progress.ts';

describe('Progress', () => {
  let time: number;
  let told: string;
  const start = (isTTY: boolean): Progress => {
    time = 0;
    told = '';
    return new Progress('Working', { isTTY, write: (text) => (told += text) }, () => time);
  };
  const at = (now: number, report: () => void): void => {
    time = now;
    report();
  };

  it('draws a bar on a terminal, at most ten times a second, and takes it off at the end', () => {
    const progress = start(true);
    at(50, () => {
      progress.report(1, 10);
    });
    expect(told).toBe('');
    at(100, () => {
      progress.report(1, 2);
    });
    expect(told).toBe(`\rWorking [${'#'.repeat(15)}${'.'.repeat(15)}]  50 %`);
    progress.end();
    expect(told.endsWith('\r\u001B[K')).toBe(true);
  });

  it('writes a line every five seconds where there is no terminal, and none for work that is soon done', () => {
    const progress = start(false);
    at(4_999, () => {
      progress.report(1, 3);
    });
    expect(told).toBe('');
    at(5_000, () => {
      progress.report(2, 3);
    });
    at(9_000, () => {
      progress.report(3, 3);
    });
    progress.end();
    expect(told).toBe('Working: 66 %\n');
  });

  it.each([
    [{ json: true }, ''],
    [{}, '\r\u001B[K'],
  ])('with %j on a terminal ends with %j: programs are told in lines', (options, end) => {
    told = '';
    Progress.of('Working', options, { isTTY: true, write: (text) => (told += text) }).end();
    expect(told).toBe(end);
  });

  it('does not go beyond the whole, nor stumble over an empty one', () => {
    const progress = start(false);
    at(5_000, () => {
      progress.report(7, 5);
    });
    at(10_000, () => {
      progress.report(0, 0);
    });
    expect(told).toBe('Working: 100 %\nWorking: 100 %\n');
  });
});
