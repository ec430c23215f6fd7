import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { InterruptedError } from './command-error.ts';

/** The terminal of the person who is asked. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Standard error, because standard output contains only the result. */
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

export const TERMINAL: Terminal = { input: process.stdin, output: process.stderr };

/** Whether somebody can be asked. */
export function isInteractive({ input, output }: Terminal): boolean {
  return input.isTTY === true && output.isTTY === true;
}

/** Asks a question. Returns the next line, or the empty string if the input ends. */
export async function ask(question: string, { input, output }: Terminal): Promise<string> {
  output.write(question);
  return nextLine(createInterface({ input }));
}

/** The same, without showing the answer. */
export async function askSecret(question: string, { input, output }: Terminal): Promise<string> {
  output.write(question);
  // With `terminal`, readline writes the typed characters instead of the terminal: here to a stream that discards them.
  const answer = await nextLine(createInterface({ input, output: new PassThrough().resume(), terminal: true }));
  output.write('\n');
  return answer;
}

async function nextLine(lines: ReturnType<typeof createInterface>): Promise<string> {
  try {
    return await new Promise((resolve, reject) => {
      lines.once('line', resolve).once('close', () => {
        resolve('');
      });
      // With `terminal`, Ctrl-C does not interrupt the process: readline receives it as a character.
      lines.once('SIGINT', () => {
        reject(new InterruptedError('Nothing was changed.'));
      });
    });
  } finally {
    lines.close();
  }
}
