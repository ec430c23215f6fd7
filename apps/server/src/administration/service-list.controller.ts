import { Query } from '@nestjs/common';
import { ApiServiceList } from '@clientele/model';
import type { ApiAccessToken } from '../access/api-access-token-store.ts';
import { ApiRoute, InstallationController } from '../access/api-route.ts';
import { CallerToken } from '../access/service.guard.ts';
import { Database } from '../database/database.ts';
import { StrictPipe } from '../http/envelope.pipe.ts';
import { pageOfServices, ServiceStore } from '../services/service-store.ts';
import type { Service } from '../services/service.ts';

/** Authlete: the number of services between `start` and the default of `end`. */
const DEFAULT_RANGE = 5;

/** The most services of one page. */
const LARGEST_PAGE = 100;

/** Services from one index to another. `end` is exclusive, and that of the services in the page. */
interface ServicePage {
  readonly start: number;
  readonly end: number;
  readonly totalCount: number;
  readonly services: readonly Service[];
}

/** Lists the services that a caller may view. */
@InstallationController('service')
export class ServiceListController {
  constructor(
    private readonly database: Database,
    private readonly services: ServiceStore,
  ) {}

  @ApiRoute('GET', 'get/list', {
    id: 'listServices',
    tag: 'Services and tokens',
    summary: 'List the services that the API access token is for, in the order of their IDs',
    right: 'VIEW_SERVICE',
    query: ApiServiceList,
    response: { schema: 'ServicePage' },
  })
  async list(@CallerToken() token: ApiAccessToken, @Query(StrictPipe) query: ApiServiceList): Promise<ServicePage> {
    const { start = 0, end = start + DEFAULT_RANGE } = query;
    const { services, totalCount } = await this.page(token, start, Math.min(end, start + LARGEST_PAGE));
    return { start, end: start + services.length, totalCount, services };
  }

  private async page(
    { serviceId }: ApiAccessToken,
    start: number,
    end: number,
  ): Promise<Omit<ServicePage, 'start' | 'end'>> {
    if (serviceId === undefined) return pageOfServices(this.database, start, end);
    const service = await this.services.find(serviceId);
    const visible = service === undefined ? [] : [service];
    return { services: visible.slice(start, Math.max(end, start)), totalCount: visible.length };
  }
}
