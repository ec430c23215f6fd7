import { Logger } from '@nestjs/common';
import { Command, CommanderError } from 'commander';
import { packageVersion } from '../files/package-version.ts';
import { applyCommand } from './apply/apply.ts';
import { auditCommand } from './audit.ts';
import { backupCommand, restoreCommand } from './backup.ts';
import { checkCommand } from './check.ts';
import { clientCommand } from './client/client.ts';
import { describeFailure } from '../database/describe-failure.ts';
import { Config } from '../config/config.ts';
import { ConfigError, misspeltNames } from '../config/environment.ts';
import { InterruptedError, UsageError } from './command-error.ts';
import { configCommand } from './config.ts';
import { doctorCommand } from './doctor/doctor.ts';
import { EXIT_CODE } from './exit-code.ts';
import { initialAccessTokenCommand } from './initial-access-token.ts';
import { keyCommand } from './key.ts';
import { loginCommand, logoutCommand } from './login.ts';
import { migrateCommand } from './migrate.ts';
import type { OutputOptions } from './result.ts';
import { serviceCommand } from './service/service.ts';
import { expectClosedStdout, LOG_TO_STDERR, printLine, printToStderr } from './terminal.ts';
import { tokenCommand } from './token.ts';
import { exportCommand, importCommand } from './transfer.ts';

/**
 * Runs a command and returns its exit code. A failure is printed as one line without a stack and, with `--json`, also as a JSON
 * document.
 */
export async function run(args: readonly string[]): Promise<number> {
  const printErrorDocument = (error: string): void => {
    if (args.includes('--json')) printLine(JSON.stringify({ error }));
  };
  expectClosedStdout();
  try {
    await clientele().parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? EXIT_CODE.done);
  } catch (error) {
    // Commander has already printed its message or help.
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT_CODE.done;
      printErrorDocument(
        error.code === 'commander.help' ? 'A command is missing.' : error.message.replace(/^error: /, ''),
      );
      return EXIT_CODE.usage;
    }
    const failure = describeFailure(error, validConfig());
    printToStderr(`clientele: ${failure}`);
    printErrorDocument(failure);
    if (error instanceof InterruptedError) return EXIT_CODE.interrupted;
    return error instanceof UsageError ? EXIT_CODE.usage : EXIT_CODE.failed;
  }
}

/** The configuration with which a command failed; `undefined` if it is not valid. */
function validConfig(): Config | undefined {
  try {
    return Config.from(process.env);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

export function clientele(): Command {
  const program = new Command('clientele')
    .description('Runs Clientele and manages its store. Settings come from the environment (docs/configuration.md).')
    .version(packageVersion())
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError();
  const commands = [
    serveCommand(),
    migrateCommand(),
    backupCommand(),
    restoreCommand(),
    exportCommand(),
    importCommand(),
    auditCommand(),
    keyCommand(),
    serviceCommand(),
    tokenCommand(),
    initialAccessTokenCommand(),
    loginCommand(),
    logoutCommand(),
    clientCommand(),
    applyCommand(),
    configCommand(),
    doctorCommand(),
    checkCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  program.hook('preAction', (_program, command) => {
    // These report misspelt settings themselves.
    if (!['serve', 'doctor'].includes(command.name()))
      for (const line of misspeltNames(process.env)) printToStderr(`clientele: warning: ${line}`);
    if (command.name() !== 'serve') Logger.overrideLogger(LOG_TO_STDERR);
  });
  inheritSettings(program, program);
  return program;
}

function inheritSettings(program: Command, parent: Command): void {
  parent.copyInheritedSettings(program);
  for (const command of parent.commands) inheritSettings(program, command);
}

function serveCommand(): Command {
  return new Command('serve')
    .description('start the server')
    .option('--json', 'print only lines of JSON')
    .action(async (options: OutputOptions) => {
      const { serve } = await import('../serve.ts');
      await serve(process.env, options);
    });
}
