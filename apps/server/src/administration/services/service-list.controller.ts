import { Body, Query, Res } from '@nestjs/common';
import { ApiServiceList } from '@clientele/model';
import type { ServicePage } from '@clientele/model/metadata';
import type { FastifyReply } from 'fastify';
import type { ApiAccessToken } from '../../access/api-access-token-store.ts';
import { ApiRoute, InstallationController } from '../../access/api-route.ts';
import { ByCaller } from '../../access/changed-by.ts';
import { CallerToken } from '../../access/service.guard.ts';
import type { ChangedBy } from '../../changes/change.ts';
import { StrictPipe } from '../../http/envelope.pipe.ts';
import { objectIn } from '../../http/object-in.ts';
import { ServiceSettingsDto } from '../../services/service-settings.dto.ts';
import type { Service } from '../../services/service.ts';
import { ServiceAdministration } from './service-administration.ts';
import { tagged } from './tagged-service.ts';

/** Authlete: the number of services between `start` and the default of `end`. */
const DEFAULT_RANGE = 5;

/** The most services of one page. */
const LARGEST_PAGE = 100;

/** Creates services, and lists those that a caller may view. */
@InstallationController('service')
export class ServiceListController {
  constructor(private readonly administration: ServiceAdministration) {}

  @ApiRoute('POST', 'create', {
    id: 'createService',
    tag: 'Services and tokens',
    summary: 'Create a service; an omitted setting gets its default',
    right: 'CREATE_SERVICE',
    forAllServices: true,
    body: { schema: ServiceSettingsDto, example: { serviceName: 'My Service', dynamicRegistrationSupported: true } },
    response: { schema: 'Service' },
  })
  async create(
    @ByCaller() by: ChangedBy,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Service> {
    return tagged(await this.administration.create(objectIn(body), by), reply);
  }

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
    const { services, totalCount } = await this.administration.page(token, start, Math.min(end, start + LARGEST_PAGE));
    return { start, end: start + services.length, totalCount, services };
  }
}
