import { formatForTerminal } from './terminal-format.ts';

const line = (fields: object) => JSON.stringify({ level: 30, time: Date.UTC(2026, 0, 2, 3, 4, 5, 678), ...fields });

describe('the log at a terminal', () => {
  it('contains time, level, message and other fields, without pid and hostname', () => {
    expect(formatForTerminal(line({ pid: 1, hostname: 'h', reqId: 'r', status: 200, msg: 'request completed' }))).toBe(
      '03:04:05.678 INFO  request completed reqId=r status=200\n',
    );
  });

  it('contains the stack of an error on the next lines', () => {
    const err = { type: 'Error', message: 'no', stack: 'Error: no\n    at x', code: 'E' };

    expect(formatForTerminal(line({ level: 50, err, msg: 'no' }))).toBe(
      '03:04:05.678 ERROR no code=E\nError: no\n    at x\n',
    );
  });

  it.each([{}, { err: 'text' }, { level: 99 }])('contains a line for %j', (fields) => {
    expect(formatForTerminal(line(fields))).toMatch(/^03:04:05\.678 .*\n$/);
  });
});
