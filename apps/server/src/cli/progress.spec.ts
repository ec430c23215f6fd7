import { Progress } from './progress.ts';

describe('Progress', () => {
  let time: number;
  let output: string;
  const start = (isTTY: boolean): Progress => {
    time = 0;
    output = '';
    return new Progress('Working', { isTTY, write: (text) => (output += text) }, () => time);
  };
  const at = (now: number, report: () => void): void => {
    time = now;
    report();
  };

  it('draws a bar on a terminal, at most ten times a second, and removes it at the end', () => {
    const progress = start(true);
    at(50, () => {
      progress.report(1, 10);
    });
    expect(output).toBe('');
    at(100, () => {
      progress.report(1, 2);
    });
    expect(output).toBe(`\rWorking [${'#'.repeat(15)}${'.'.repeat(15)}]  50 %`);
    progress.end();
    expect(output.endsWith('\r\u001B[K')).toBe(true);
  });

  it('writes a line every five seconds if the output is not a terminal, and no line before that', () => {
    const progress = start(false);
    at(4_999, () => {
      progress.report(1, 3);
    });
    expect(output).toBe('');
    at(5_000, () => {
      progress.report(2, 3);
    });
    at(9_000, () => {
      progress.report(3, 3);
    });
    progress.end();
    expect(output).toBe('Working: 66 %\n');
  });

  it.each([
    [{ json: true }, ''],
    [{}, '\r\u001B[K'],
  ])('with the options %j, end() writes %j to a terminal', (options, end) => {
    output = '';
    Progress.of('Working', options, { isTTY: true, write: (text) => (output += text) }).end();
    expect(output).toBe(end);
  });

  it('does not exceed 100 %, and writes 100 % if the total is 0', () => {
    const progress = start(false);
    at(5_000, () => {
      progress.report(7, 5);
    });
    at(10_000, () => {
      progress.report(0, 0);
    });
    expect(output).toBe('Working: 100 %\nWorking: 100 %\n');
  });
});
