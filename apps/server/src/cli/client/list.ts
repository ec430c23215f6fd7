import type { Client, ClientFilters, Clients } from '@clientele/client';
import { Command, InvalidArgumentError } from 'commander';
import { callService, onServer, type ServerOptions } from '../connection.ts';
import type { OutputOptions } from '../result.ts';
import { columns, printToStderr, shortened, writeLines } from '../terminal.ts';
import { addFilters, filtersOf, hintFor, triesFor, type FilterOptions } from './filters.ts';
import { clientIdOf } from './stored-client.ts';

interface ListOptions extends ServerOptions, OutputOptions {
  readonly limit?: number;
}

const PAGE_SIZE = 1_000;
const FOUND_LIMIT = 100;

export function listCommand(): Command {
  const command = new Command('list').description('show all clients, or those to which all filters apply');
  return printing(addFilters(command))
    .option('--limit <clients>', 'the largest number of clients; default: all', parseLimit)
    .action((options: ListOptions & FilterOptions) => {
      const { limit, json: _json, service: _service, ...filters } = options;
      return print(options, (clients) => pages(clients, filtersOf(filters), limit));
    });
}

export function findCommand(): Command {
  const command = new Command('find')
    .description(
      'find clients by a number, client_id, alias, redirect URI or its host, software ID, or the beginning of a name',
    )
    .argument('<text>', 'what to look for', parseText);
  return printing(command)
    .option('--limit <clients>', 'the largest number of clients', parseLimit, FOUND_LIMIT)
    .action((text: string, options: ListOptions) =>
      print(options, (clients) => found(clients, text, options.limit), hintFor(text)),
    );
}

function printing(command: Command): Command {
  return onServer(command).option('--json', 'print all properties: one JSON document per client and line');
}

/** Fetches pages until the limit is reached. */
async function* pages(
  clients: Clients,
  filters: ClientFilters,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly Client[]> {
  let after: string | undefined;
  let left = limit;
  do {
    const page = await clients.listPage({ ...filters, after, limit: Math.min(left, PAGE_SIZE) });
    yield page.clients;
    left -= page.clients.length;
    after = page.next;
  } while (after !== undefined && left > 0);
}

/** The clients that any of the tries finds, each once. */
async function* found(clients: Clients, text: string, limit = FOUND_LIMIT): AsyncGenerator<readonly Client[]> {
  const seen = new Set<number>();
  for (const filters of triesFor(text)) {
    for await (const page of pages(clients, filters, limit)) {
      const fresh = page.filter(({ clientId }) => !seen.has(clientId)).slice(0, limit - seen.size);
      for (const { clientId } of fresh) seen.add(clientId);
      if (fresh.length > 0) yield fresh;
      if (seen.size === limit) return;
    }
  }
}

/** The most columns of a name. A `client_id` is never shortened, because other commands need it. */
const NAME_COLUMNS = 40;

const HEADER = ['CLIENT_ID', 'NAME', 'TYPE', 'SOURCE', 'LOCKED', 'CREATED', 'CHANGED'];

/** Prints each page when it arrives, so that the memory does not grow with the number of clients. */
function print(
  options: ListOptions,
  pagesOf: (clients: Clients) => AsyncIterable<readonly Client[]>,
  hint?: string,
): Promise<void> {
  return callService(options, async ({ clients }) => {
    let printed = 0;
    const widths: number[] = [];
    for await (const page of pagesOf(clients)) {
      if (page.length === 0) continue;
      const rows = [...(printed === 0 ? [HEADER] : []), ...page.map(cellsOf)];
      const lines = options.json ? page.map((client) => JSON.stringify(client)) : columns(rows, widths);
      if (!(await writeLines(lines))) return;
      printed += page.length;
    }
    if (printed === 0) printToStderr(['No client was found.', ...(hint === undefined ? [] : [hint])].join(' '));
  });
}

function cellsOf(client: Client): readonly string[] {
  const { clientName = '', clientType, clientSource = '', locked, createdAt, modifiedAt } = client;
  return [
    clientIdOf(client),
    shortened(clientName, NAME_COLUMNS),
    clientType.toLowerCase(),
    String(clientSource).replace('_REGISTRATION', '').replace('METADATA_', '').toLowerCase(),
    locked ? 'locked' : '',
    timeOf(createdAt),
    timeOf(modifiedAt),
  ];
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

function parseText(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Pass a text that is not empty.');
  return text;
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(limit) || limit === 0)
    throw new InvalidArgumentError('Pass a whole number, 1 or more.');
  return limit;
}
