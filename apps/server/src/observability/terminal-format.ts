import { isJsonObject } from '@clientele/model/metadata';

const LEVELS: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

/** A line of the log for people: time, level, message, other fields, and the stack of an error below. */
export function formatForTerminal(line: string): string {
  const { level, time, pid: _pid, hostname: _hostname, msg = '', err, ...fields } = JSON.parse(line) as LogLine;
  const { stack = '', ...error } = isJsonObject(err) ? err : {};
  const known = Object.entries({ ...fields, ...error })
    .filter(([name]) => name !== 'message' && name !== 'type')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const head = [new Date(time).toISOString().slice(11, 23), (LEVELS[level] ?? '').padEnd(5), msg, ...known].join(' ');
  return `${head}\n${stack === '' ? '' : `${String(stack)}\n`}`;
}

interface LogLine {
  readonly level: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly msg?: string;
  readonly err?: unknown;
  readonly [field: string]: unknown;
}
