import type { Command } from 'commander';
import { printLine, printToStderr } from './terminal.ts';

/** The result of a command, for people and for programs (`--json`, docs/operations.md). */
export interface Result {
  /** The JSON document that `--json` prints. */
  readonly document: object;
  /** Lines on standard output without `--json`. */
  readonly lines: readonly string[];
  /** Lines on standard error, for example the next step. */
  readonly notes?: readonly string[];
  /** The default is `EXIT_CODE.done`. */
  readonly exitCode?: number;
}

/** The options that every command has. */
export interface OutputOptions {
  readonly json?: boolean;
}

/** Adds `--json` and an action to a command, and prints the result of the action. */
export function withAction(command: Command, action: (...args: never[]) => Promise<Result>): Command {
  return command.option('--json', 'print one JSON document').action(async (...args: unknown[]) => {
    const { document, lines, notes = [], exitCode } = await action(...(args as never[]));
    const { json } = command.opts<OutputOptions>();
    for (const line of json ? [JSON.stringify(document)] : lines) printLine(line);
    for (const note of notes) printToStderr(note);
    if (exitCode !== undefined) process.exitCode = exitCode;
  });
}
