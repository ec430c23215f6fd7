import { Logger } from '@nestjs/common';
import { Command, CommanderError } from 'commander';
import { packageVersion } from '../files/package-version.ts';
import { backupCommand, restoreCommand } from './backup.ts';
import { checkCommand } from './check.ts';
import { describeFailure, UsageError } from './command-error.ts';
import { configCommand } from './config.ts';
import { doctorCommand } from './doctor/doctor.ts';
import { EXIT_CODE } from './exit-code.ts';
import { keyCommand } from './key.ts';
import { migrateCommand } from './migrate.ts';
import type { OutputOptions } from './result.ts';
import { serviceCommand } from './service.ts';
import { LOG_TO_STDERR, print, say } from './terminal.ts';
import { tokenCommand } from './token.ts';
import { exportCommand, importCommand } from './transfer.ts';

/**
 * Carries out a command line; the exit code. Failures are said in one line, without a stack; to programs (`--json`) in the one
 * document that they read, too.
 */
export async function run(words: readonly string[]): Promise<number> {
  const tell = (failure: string): void => {
    if (words.includes('--json')) print(JSON.stringify({ error: failure }));
  };
  try {
    await clientele().parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? EXIT_CODE.done);
  } catch (error) {
    // Commander has said what is wrong with the command line, or has shown its help.
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT_CODE.done;
      tell(error.code === 'commander.help' ? 'A command is missing.' : error.message.replace(/^error: /, ''));
      return EXIT_CODE.usage;
    }
    const failure = describeFailure(error);
    say(`clientele: ${failure}`);
    tell(failure);
    return error instanceof UsageError ? EXIT_CODE.usage : EXIT_CODE.failed;
  }
}

/** All commands. */
export function clientele(): Command {
  const program = new Command('clientele')
    .description(
      'Runs Clientele and takes care of its store. Settings come from the environment (docs/configuration.md).',
    )
    .version(packageVersion())
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError();
  program.addCommand(serveCommand());
  program.addCommand(migrateCommand());
  program.addCommand(backupCommand());
  program.addCommand(restoreCommand());
  program.addCommand(exportCommand());
  program.addCommand(importCommand());
  program.addCommand(keyCommand());
  program.addCommand(serviceCommand());
  program.addCommand(tokenCommand());
  program.addCommand(configCommand());
  program.addCommand(doctorCommand());
  program.addCommand(checkCommand());
  program.hook('preAction', (_program, command) => {
    if (command.name() !== 'serve') Logger.overrideLogger(LOG_TO_STDERR);
  });
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)])
    command.copyInheritedSettings(program);
  return program;
}

function serveCommand(): Command {
  return new Command('serve')
    .description('start the server')
    .option('--json', 'print nothing but lines of JSON')
    .action(async (options: OutputOptions) => {
      const { serve } = await import('../serve.ts');
      await serve(process.env, options);
    });
}
