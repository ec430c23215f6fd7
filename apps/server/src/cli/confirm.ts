import { ask, isInteractive, TERMINAL } from './ask.ts';
import { CommandError, UsageError } from './command-error.ts';
import { printable } from './terminal.ts';

export interface ConfirmationOptions {
  readonly yes?: boolean;
}

/** Throws if the command needs a confirmation and nobody can give it. `question`: what to confirm. */
export function expectConfirmation({ yes = false }: ConfirmationOptions, terminal = TERMINAL, question = ''): void {
  if (!yes && !isInteractive(terminal))
    throw new UsageError(
      `${printable(question)} A confirmation is needed, but this is not a terminal. Pass --yes to make the change without it.`.trimStart(),
    );
}

/** Asks before a change, unless `--yes` is set. Throws if the answer is not yes. */
export async function confirm(question: string, options: ConfirmationOptions, terminal = TERMINAL): Promise<void> {
  expectConfirmation(options, terminal, question);
  if (options.yes) return;
  const answer = await ask(`${printable(question)} [y/N] `, terminal);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('Nothing was changed.');
}
