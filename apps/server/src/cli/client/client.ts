import { Command } from 'commander';
import { SERVER_SETTINGS } from '../connection.ts';
import { createCommand, deleteCommand, lockCommand, unlockCommand, updateCommand } from './change.ts';
import { getCommand } from './get.ts';
import { findCommand, listCommand } from './list.ts';
import { secretCommand, tokenCommand } from './secret.ts';

/** `clientele client`: administers the clients of a running server. */
export function clientCommand(): Command {
  const command = new Command('client')
    .description('administer the clients of a running server')
    .addHelpText('after', SERVER_SETTINGS);
  for (const each of [
    listCommand(),
    findCommand(),
    getCommand(),
    createCommand(),
    updateCommand(),
    lockCommand(),
    unlockCommand(),
    deleteCommand(),
    secretCommand(),
    tokenCommand(),
  ])
    command.addCommand(each);
  return command;
}
