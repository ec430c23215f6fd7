import type { LoggerService } from '@nestjs/common';

/** Prints a line of the result, which can be piped. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints a large result in parts: waits until the text is written, and throws if the reader has closed the pipe. */
export function writeToStdout(text: string): Promise<void> {
  // Each write reports its error. Without a listener, the error would also end the process.
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Prints a hint or a failure. */
export function printToStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Prints warnings and errors to standard error, because standard output contains only the result of a command. */
export const LOG_TO_STDERR: LoggerService = {
  log: () => undefined,
  warn: (message: unknown) => {
    printToStderr(String(message));
  },
  error: (message: unknown) => {
    printToStderr(String(message));
  },
};

/** Characters that move the cursor, end the line or change the text direction. Names and responses can contain them. */
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Replaces control characters, so that the text is one line. */
export function printable(text: string): string {
  return text.replace(CONTROL, '\ufffd');
}

/** Aligns rows of cells in columns. Control characters are replaced, so that each row is one line. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const lines = rows.map((row) => row.map(printable));
  const widths = lines.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(cell.length, widest[i] ?? 0)),
    [],
  );
  return lines.map((row) =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  '),
  );
}
