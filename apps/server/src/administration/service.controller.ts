import { Body } from '@nestjs/common';
import { ApiController, ApiRoute } from '../access/api-route.ts';
import { ByCaller } from '../access/changed-by.ts';
import { CurrentService } from '../access/service.guard.ts';
import type { ChangedBy } from '../changes/change.ts';
import { ApiError } from '../http/api-error.ts';
import { EnvelopePipe } from '../http/envelope.pipe.ts';
import { reservedName } from '../services/custom-client-metadata.ts';
import { ServiceSettingsDto } from '../services/service-settings.dto.ts';
import { ServiceStore } from '../services/service-store.ts';
import { withSettings, type Service } from '../services/service.ts';

/** Authlete's service APIs, for the settings that this server uses. */
@ApiController('service')
export class ServiceController {
  constructor(private readonly services: ServiceStore) {}

  @ApiRoute('GET', 'get', {
    id: 'getService',
    tag: 'Services and tokens',
    summary: 'Get the settings of a service',
    right: 'VIEW_SERVICE',
    response: { schema: 'Service' },
  })
  get(@CurrentService() service: Service): Service {
    return service;
  }

  @ApiRoute('POST', 'update', {
    id: 'updateService',
    tag: 'Services and tokens',
    summary: 'Replace the settings of a service; an omitted setting gets its default',
    right: 'MODIFY_SERVICE',
    body: { schema: ServiceSettingsDto, example: { serviceName: 'My Service', dynamicRegistrationSupported: true } },
    response: { schema: 'Service' },
  })
  async update(
    @CurrentService() service: Service,
    @ByCaller() by: ChangedBy,
    @Body(EnvelopePipe) body: ServiceSettingsDto,
  ): Promise<Service> {
    const reserved = reservedName(body);
    if (reserved !== undefined) throw new ApiError(400, 'customNameReserved', { name: reserved });
    for (let current: Service | undefined = service; current !== undefined;) {
      const next = withSettings(current, body);
      if (await this.services.replace(current, next, by)) return next;
      current = await this.services.find(service.apiKey);
    }
    throw new ApiError(404, 'noSuchService');
  }
}
