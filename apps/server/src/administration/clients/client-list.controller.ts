import { setImmediate } from 'node:timers/promises';
import { Query } from '@nestjs/common';
import { ApiServiceIdClientList, LARGEST_CLIENT_PAGE } from '@clientele/model';
import { quote } from '@clientele/model/metadata';
import { ApiController, ApiRoute } from '../../access/api-route.ts';
import { CurrentService } from '../../access/service.guard.ts';
import { authleteClient } from '../../clients/authlete-client.ts';
import { namesOfFilters } from '../../clients/client-filter.ts';
import { BEGINNING, ClientPages, type Position } from '../../clients/client-pages.ts';
import { ClientSearch, type FoundPage } from '../../clients/client-search.ts';
import { TERM } from '../../clients/client-terms.ts';
import { unacceptable } from '../../http/api-error.ts';
import { StrictPipe } from '../../http/envelope.pipe.ts';
import { JsonText } from '../../http/json-text.ts';
import type { Service } from '../../services/service.ts';

/** The default of `limit`. */
const DEFAULT_LIMIT = 100;

/** Authlete: the number of clients between `start` and the default of `end`. */
const DEFAULT_RANGE = 5;

/** Clients whose text is built before the event loop continues with other requests. */
const AT_ONCE = 20;

/** Lists and finds clients. No list contains a client secret. */
@ApiController('client')
export class ClientListController {
  constructor(
    private readonly search: ClientSearch,
    private readonly pages: ClientPages,
  ) {}

  @ApiRoute('GET', 'get/list', {
    id: 'listClients',
    tag: 'Clients',
    summary: 'List clients or find them by filters, in the order of their creation or of their names',
    right: 'VIEW_CLIENT',
    query: ApiServiceIdClientList,
    response: { schema: 'ClientPage' },
  })
  list(@CurrentService() service: Service, @Query(StrictPipe) query: ApiServiceIdClientList): Promise<JsonText> {
    const { start, end, after, limit } = query;
    const filters = namesOfFilters(query);
    const byCursor = after !== undefined || limit !== undefined || filters.some((name) => name !== 'developer');
    if (!byCursor) return this.listByIndex(service, query);
    if (start === undefined && end === undefined) return this.listByCursor(service, query);
    throw unacceptable('start and end exclude after, limit and all filters except developer; use after and limit.');
  }

  private async listByCursor(service: Service, query: ApiServiceIdClientList): Promise<JsonText> {
    const { after, limit = DEFAULT_LIMIT } = query;
    const position = after === undefined ? BEGINNING : positionIn(after);
    const page = await this.search.find(service.apiKey, query, position, limit);
    const totalCount = namesOfFilters(query).length > 0 ? undefined : await this.pages.count(service.apiKey);
    return pageText(service, { totalCount }, page);
  }

  /** Authlete: `start` and `end` are indexes in the list, and `end` is exclusive. A response with fewer clients says so in its own `end`. */
  private async listByIndex(service: Service, query: ApiServiceIdClientList): Promise<JsonText> {
    const { start = 0, end = start + DEFAULT_RANGE, developer } = query;
    const { apiKey: serviceId } = service;
    const range = developer === undefined ? 'all' : { term: TERM.developer(developer) };
    const limit = Math.min(end - start, LARGEST_CLIENT_PAGE);
    const position = limit <= 0 ? undefined : await this.pages.positionAt(serviceId, range, start);
    const page: FoundPage =
      position === undefined ? { clients: [] } : await this.search.find(serviceId, query, position, limit);
    const totalCount = developer === undefined ? await this.pages.count(serviceId) : undefined;
    return pageText(service, { start, end: start + page.clients.length, developer, totalCount }, page);
  }
}

async function pageText(service: Service, members: object, { clients, next }: FoundPage): Promise<JsonText> {
  const head = JSON.stringify({ ...members, ...(next && { next: cursorOf(next) }) }).slice(0, -1);
  const texts: string[] = [];
  for (const client of clients) {
    texts.push(authleteClient({ service, client }, { withSecret: false }));
    if (texts.length % AT_ONCE === 0) await setImmediate();
  }
  return new JsonText(`${head}${head === '{' ? '' : ','}"clients":[${texts.join(',')}]}`);
}

function cursorOf({ term, clientId }: Position): string {
  return term === '' ? String(clientId) : `${clientId}.${term}`;
}

function positionIn(cursor: string): Position {
  const [, clientId, term = ''] = /^([0-9]{1,16})(?:\.(n[0-9]{0,400}))?$/.exec(cursor) ?? [];
  if (clientId === undefined) throw unacceptable(`after must be the next of a page, not ${quote(cursor)}.`);
  return { term, clientId: Number(clientId) };
}
