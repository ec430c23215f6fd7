import { InvalidArgumentError, type Command } from 'commander';
import { LONGEST_LIFETIME } from '../access/api-access-token.dto.ts';
import { parseDuration } from './duration.ts';

/** Adds the option with the lifetime of a token. */
export function withExpiresIn(command: Command, byDefault: string): Command {
  const description = `how long the token is valid, such as 1h; the default is ${byDefault}`;
  return command.option('--expires-in <duration>', description, parseLifetime);
}

function parseLifetime(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === 0 || seconds > LONGEST_LIFETIME)
    throw new InvalidArgumentError(`A token is valid for 1s to ${LONGEST_LIFETIME / 86_400}d.`);
  return seconds;
}
