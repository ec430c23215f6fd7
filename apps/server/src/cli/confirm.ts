import { createInterface } from 'node:readline';
import { CommandError, UsageError } from './command-error.ts';
import { printable } from './terminal.ts';

export interface ConfirmationOptions {
  readonly yes?: boolean;
}

/** The terminal of the person who is asked. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Standard error, because standard output contains only the result. */
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

const TERMINAL: Terminal = { input: process.stdin, output: process.stderr };

/** Throws if the command needs a confirmation and nobody can give it. */
export function expectConfirmation({ yes = false }: ConfirmationOptions, terminal = TERMINAL): void {
  if (!yes && !(terminal.input.isTTY && terminal.output.isTTY))
    throw new UsageError(
      'A confirmation is needed, but this is not a terminal. Pass --yes to make the change without it.',
    );
}

/** Asks before a change, unless `--yes` is set. Throws if the answer is not yes. */
export async function confirm(question: string, options: ConfirmationOptions, terminal = TERMINAL): Promise<void> {
  expectConfirmation(options, terminal);
  if (options.yes) return;
  terminal.output.write(`${printable(question)} [y/N] `);
  const answer = await nextLine(terminal.input);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('Nothing was changed.');
}

/** The next line, or the empty string if the input ends. */
async function nextLine(input: Terminal['input']): Promise<string> {
  const lines = createInterface({ input });
  try {
    return await new Promise((resolve) => {
      lines.once('line', resolve).once('close', () => {
        resolve('');
      });
    });
  } finally {
    lines.close();
  }
}
