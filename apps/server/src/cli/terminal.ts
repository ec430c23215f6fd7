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

/** Rows of text in columns, each as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(cell.length, widest[i] ?? 0)),
    [],
  );
  return rows.map((row) =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  '),
  );
}
