import type { Command } from 'commander';
import { print, say } from './terminal.ts';

/** What a command has found or done: for people, and for programs (`--json`, docs/operations.md). */
export interface Result {
  /** The one document that `--json` prints. */
  readonly document: object;
  /** Lines on standard output, where people read instead of programs. */
  readonly lines: readonly string[];
  /** Lines on standard error for whoever runs the command: what to do next. */
  readonly notes?: readonly string[];
  /** `done` when omitted. */
  readonly exitCode?: number;
}

/** The options that every command has. */
export interface OutputOptions {
  readonly json?: boolean;
}

/** Has the command carry out an action, with `--json` among its options, and tell what came of it. */
export function reporting(command: Command, action: (...words: never[]) => Promise<Result>): Command {
  return command.option('--json', 'print one JSON document').action(async (...words: unknown[]) => {
    const { document, lines, notes = [], exitCode } = await action(...(words as never[]));
    const { json } = command.opts<OutputOptions>();
    for (const line of json ? [JSON.stringify(document)] : lines) print(line);
    for (const note of notes) say(note);
    if (exitCode !== undefined) process.exitCode = exitCode;
  });
}
