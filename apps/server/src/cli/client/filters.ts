import type { ClientFilters } from '@clientele/client';
import { Option, type Command } from 'commander';
import { parseTime } from '../duration.ts';

/** The options of `client list`, by the names that commander derives. */
export interface FilterOptions extends Omit<ClientFilters, 'clientName' | 'clientType' | 'tokenAuthMethod'> {
  readonly name?: string;
  readonly type?: 'PUBLIC' | 'CONFIDENTIAL';
  readonly unlocked?: boolean;
  readonly authMethod?: string;
  readonly unusedFor?: number;
}

export function addFilters(command: Command): Command {
  return command
    .option('--identifier <id>', 'the number, the client_id or the alias')
    .option('--redirect-uri <uri>', 'one of the redirect URIs, exactly')
    .option('--redirect-host <host>', 'the host of one of the redirect URIs, exactly')
    .option('--software-id <id>', 'the software ID, exactly')
    .option('--name <prefix>', 'the beginning of the name in any language; sorts by name')
    .option('--developer <text>', 'the developer, exactly')
    .option('--attribute <key=value>', 'an attribute, exactly')
    .addOption(
      new Option(
        '--source <source>',
        'created by an administrator, registered by itself, or known by its document',
      ).choices(['static', 'dynamic', 'document']),
    )
    .addOption(
      new Option('--type <type>', 'the client type')
        .choices(['public', 'confidential'])
        .argParser((text) => text.toUpperCase()),
    )
    .addOption(new Option('--locked', 'only locked clients').conflicts('unlocked'))
    .option('--unlocked', 'only clients that are not locked')
    .option('--auth-method <method>', 'the client authentication method, such as client_secret_basic')
    .option('--grant-type <type>', 'one of the grant types, such as authorization_code')
    .option('--created-after <time>', 'created at or after a date, or a duration before now such as 7d', toTime)
    .option('--created-before <time>', 'created before it', toTime)
    .option('--modified-after <time>', 'last changed at or after it', toTime)
    .option('--modified-before <time>', 'last changed before it', toTime)
    .option('--used-after <time>', 'last used at or after it', toTime)
    .addOption(
      new Option('--used-before <time>', 'last used before it, or never').argParser(toTime).conflicts('unusedFor'),
    )
    .option('--unused-for <duration>', 'created before and not used for so long, such as 90d', toTime);
}

/** The filters in the options of `client list`. */
export function filtersOf({
  name,
  type,
  locked,
  unlocked,
  authMethod,
  unusedFor,
  usedBefore = unusedFor,
  createdBefore = unusedFor,
  ...same
}: FilterOptions): ClientFilters {
  return {
    ...same,
    clientName: name,
    clientType: type,
    locked: locked ?? (unlocked ? false : undefined),
    tokenAuthMethod: authMethod,
    // A new client has had no time to be used.
    createdBefore: createdBefore && Math.min(createdBefore, unusedFor ?? createdBefore),
    usedBefore,
  };
}

/** Commander passes a previous value as the second argument, which is not the time now. */
function toTime(text: string): number {
  return parseTime(text);
}

const URI = /^[a-z][a-z\d+.-]*:/i;
const HOST = /^([\w-]+\.)*[\w-]+$|^\[[\da-f:.]+\]$/i;
const IDENTIFIER = /^[\x21-\x7e]{1,2048}$/;

/** A hint for a person whose `client find` found no client; `undefined` if there is none. */
export function hintFor(text: string): string | undefined {
  if (!URI.test(text)) return undefined;
  const host = URL.canParse(text) ? new URL(text).hostname : '';
  const byHost = HOST.test(host) ? ` To find clients by the host, use 'clientele client find ${host}'.` : '';
  return `Redirect URIs match exactly.${byHost}`;
}

/** The filters that `client find` tries for a text, the most exact first. */
export function triesFor(text: string): readonly ClientFilters[] {
  return [
    ...(IDENTIFIER.test(text) ? [{ identifier: text }] : []),
    ...(URI.test(text) ? [{ redirectUri: text }] : []),
    ...(HOST.test(text) ? [{ redirectHost: text }] : []),
    { softwareId: text },
    { clientName: text },
  ];
}
