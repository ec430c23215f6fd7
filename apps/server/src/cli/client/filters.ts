import type { ClientFilters } from '@clientele/client';
import { Option, type Command } from 'commander';
import { parseTime } from '../duration.ts';

/** The options of `client list`, by the names that commander derives. */
export interface FilterOptions {
  readonly identifier?: string;
  readonly redirectUri?: string;
  readonly redirectHost?: string;
  readonly softwareId?: string;
  readonly name?: string;
  readonly developer?: string;
  readonly attribute?: string;
  readonly source?: string;
  readonly type?: 'PUBLIC' | 'CONFIDENTIAL';
  readonly locked?: boolean;
  readonly unlocked?: boolean;
  readonly authMethod?: string;
  readonly grantType?: string;
  readonly createdAfter?: number;
  readonly createdBefore?: number;
  readonly modifiedAfter?: number;
  readonly modifiedBefore?: number;
  readonly usedAfter?: number;
  readonly usedBefore?: number;
  readonly unusedFor?: number;
}

export function addFilters(command: Command): Command {
  return command
    .option('--identifier <id>', 'the number, the client_id or the alias')
    .option('--redirect-uri <uri>', 'one of the redirect URIs, exactly')
    .option('--redirect-host <host>', 'the host of one of the redirect URIs')
    .option('--software-id <id>', 'the software ID')
    .option('--name <prefix>', 'the beginning of the name; the list is in the order of names')
    .option('--developer <text>', 'the developer')
    .option('--attribute <key=value>', 'an attribute')
    .addOption(new Option('--source <source>', 'how it came to the service').choices(['static', 'dynamic', 'document']))
    .addOption(
      new Option('--type <type>', 'the client type')
        .choices(['public', 'confidential'])
        .argParser((text) => text.toUpperCase()),
    )
    .addOption(new Option('--locked', 'only locked clients').conflicts('unlocked'))
    .option('--unlocked', 'only clients that are not locked')
    .option('--auth-method <method>', 'the value of token_endpoint_auth_method')
    .option('--grant-type <type>', 'a value of grant_types')
    .option('--created-after <time>', 'a date, or a duration before now such as 7d', toTime)
    .option('--created-before <time>', 'the same', toTime)
    .option('--modified-after <time>', 'the time of the last change', toTime)
    .option('--modified-before <time>', 'the same', toTime)
    .option('--used-after <time>', 'the time of the last use', toTime)
    .addOption(
      new Option('--used-before <time>', 'the same; includes clients that were never used')
        .argParser(toTime)
        .conflicts('unusedFor'),
    )
    .option('--unused-for <duration>', 'the same as --used-before', toTime);
}

export function filtersOf(options: FilterOptions): ClientFilters {
  const {
    name,
    type,
    locked,
    unlocked,
    authMethod,
    unusedFor,
    usedBefore = unusedFor,
    redirectHost,
    ...same
  } = options;
  const { identifier, redirectUri, softwareId, developer, attribute, source, grantType } = same;
  const { createdAfter, createdBefore, modifiedAfter, modifiedBefore, usedAfter } = same;
  return {
    identifier,
    redirectUri,
    redirectHost: redirectHost?.toLowerCase(),
    softwareId,
    clientName: name,
    developer,
    attribute,
    source,
    clientType: type,
    locked: locked ?? (unlocked ? false : undefined),
    tokenAuthMethod: authMethod,
    grantType,
    createdAfter,
    createdBefore,
    modifiedAfter,
    modifiedBefore,
    usedAfter,
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

/** The filters that `client find` tries for a text, the most exact first. */
export function triesFor(text: string): readonly ClientFilters[] {
  return [
    ...(IDENTIFIER.test(text) ? [{ identifier: text }] : []),
    ...(URI.test(text) ? [{ redirectUri: text }] : []),
    ...(HOST.test(text) ? [{ redirectHost: text.toLowerCase() }] : []),
    { softwareId: text },
    { clientName: text },
  ];
}
