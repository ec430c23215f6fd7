import { Command } from 'commander';
import { SERVER_SETTINGS } from '../connection.ts';
import { createCommand } from './create.ts';
import { impactCommand } from './impact.ts';
import { configurationCommand, deleteCommand, getCommand, listCommand } from './services.ts';
import { patchCommand, updateCommand } from './settings.ts';

/** `clientele service`: administers the services of a running server. */
export function serviceCommand(): Command {
  const command = new Command('service')
    .description('administer the services of a running server')
    .addHelpText('after', SERVER_SETTINGS);
  for (const each of [
    listCommand(),
    getCommand(),
    createCommand(),
    updateCommand(),
    patchCommand(),
    impactCommand(),
    deleteCommand(),
    configurationCommand(),
  ])
    command.addCommand(each);
  return command;
}
