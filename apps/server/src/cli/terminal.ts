import type { LoggerService } from '@nestjs/common';
import { EXIT_CODE } from './exit-code.ts';

/** Prints a line of the result, which can be piped. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * A reader such as `head` may close the pipe when it needs no more: the command then does its work without a further result. Any other
 * failure of standard output is one of the command.
 */
export function expectClosedStdout(): void {
  if (process.stdout.listenerCount('error') > 0) return;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    printToStderr(`clientele: ${error.message}`);
    process.exitCode = EXIT_CODE.failed;
  });
}

/** Prints a large result in parts: waits until the text is written, and throws if the reader has closed the pipe. */
export function writeToStdout(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Prints lines in the same way. Returns false if the reader has closed the pipe, for example `head`. */
export async function writeLines(lines: readonly string[]): Promise<boolean> {
  try {
    await writeToStdout(`${lines.join('\n')}\n`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false;
    throw error;
  }
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

/** Characters that move the cursor, end the line, change the text direction or have no width. Names and responses can contain them. */
const CONTROL = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** Replaces control characters, so that the text is one line. */
export function printable(text: string): string {
  return text.replace(CONTROL, '\ufffd');
}

/** The most characters of a value that a server or a document sends, in a message. */
const LONGEST_VALUE = 200;

/** The most characters of a message of a server, which can name several problems. */
export const LONGEST_MESSAGE = 2_000;

/** The beginning of a text that a server or a document sends, for a line of a message. */
export function excerpt(text: string, longest = LONGEST_VALUE): string {
  return printable(text.length > longest ? `${text.slice(0, longest)}...` : text);
}

/** A value as indented JSON. The characters that `printable` replaces are escaped, so that the text can be stored and read again. */
export function jsonLines(value: object): string[] {
  const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, undefined, 2)
    .split('\n')
    .map((line) => line.replace(CONTROL, escape));
}

/** Two columns wide on a terminal: East Asian scripts, full-width forms and emoji. */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|.\ufe0f)/u;
const CHARACTERS = new Intl.Segmenter();

/** The number of columns of a character as people count them. */
function columnsOf(character: string): number {
  return WIDE.test(character) ? 2 : 1;
}

/**
 * The most characters whose width is counted. Each segment holds a copy of the whole text, so the cost of counting is quadratic, and
 * other people choose the length of the text.
 */
const MEASURED = 400;

/** The width of the beginning of a text. Longer texts are not aligned. */
function widthOf(text: string): number {
  const measured = text.slice(0, MEASURED);
  if (/^[\x20-\x7e]*$/.test(measured)) return measured.length;
  return [...CHARACTERS.segment(measured)].reduce((width, { segment }) => width + columnsOf(segment), 0);
}

/** The text in at most this many columns; a longer one ends with an ellipsis. */
export function shortened(text: string, width: number): string {
  const line = printable(text.slice(0, MEASURED));
  if (text.length <= MEASURED && widthOf(line) <= width) return line;
  let left = width - 1;
  let end = 0;
  for (const { segment, index } of CHARACTERS.segment(line)) {
    left -= columnsOf(segment);
    if (left < 0) break;
    end = index + segment.length;
  }
  return `${line.slice(0, end)}\u2026`;
}

/**
 * Aligns rows of cells in columns. Control characters are replaced, so that each row is one line. `widths` are the minimum widths of
 * the columns. They are increased to the widths of these rows, so that later rows align with them. The last cell of a row needs no
 * width.
 */
export function columns(rows: readonly (readonly string[])[], widths: number[] = []): string[] {
  const lines = rows.map((row) => {
    const cells = row.map(printable);
    return { cells, own: cells.slice(0, -1).map(widthOf) };
  });
  for (const { own } of lines) for (const [i, width] of own.entries()) widths[i] = Math.max(width, widths[i] ?? 0);
  return lines.map(({ cells, own }) =>
    cells.map((cell, i) => (own[i] === undefined ? cell : cell + ' '.repeat((widths[i] ?? 0) - own[i]))).join('  '),
  );
}
