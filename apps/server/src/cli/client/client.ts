import { Command } from 'commander';
import { createCommand, deleteCommand, lockCommand, unlockCommand, updateCommand } from './change.ts';
import { getCommand } from './get.ts';
import { findCommand, listCommand } from './list.ts';
import { secretCommand, tokenCommand } from './secret.ts';

/** `clientele client`: administers the clients of a running server. */
export function clientCommand(): Command {
  const command = new Command('client').description(
    'administer the clients of a running server (CLIENTELE_URL, CLIENTELE_TOKEN)',
  );
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
