import type { LoggerService } from '@nestjs/common';

/** A line for the reader of the result; what can be piped. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A line for whoever runs the command: progress, hints, failures. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Keeps what the store logs out of the result of a command. */
export const LOG_TO_STDERR: LoggerService = {
  log: () => undefined,
  warn: (message: unknown) => {
    say(String(message));
  },
  error: (message: unknown) => {
    say(String(message));
  },
};

/** What would move the cursor, end the line, or turn the text around: names and answers that others chose may hold it. */
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Rows of text in columns, each as wide as its widest cell; a row is one line, whatever its cells hold. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const lines = rows.map((row) => row.map((cell) => cell.replace(CONTROL, '\ufffd')));
  const widths = lines.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(cell.length, widest[i] ?? 0)),
    [],
  );
  return lines.map((row) =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  '),
  );
}
