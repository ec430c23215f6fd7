import { Body, Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiError } from '../http/api-error.ts';
import { EnvelopePipe } from '../http/envelope.pipe.ts';
import { reservedName } from '../services/custom-client-metadata.ts';
import { ServiceSettingsDto } from '../services/service-settings.dto.ts';
import { CurrentService, Needs, ServiceGuard } from '../access/service.guard.ts';
import { withSettings, type Service } from '../services/service.ts';
import { ServiceStore } from '../services/service-store.ts';

/** Authlete's service APIs, for the settings that decide something here. */
@Controller('api/:serviceId/service')
@UseGuards(ServiceGuard)
export class ServiceController {
  constructor(private readonly services: ServiceStore) {}

  @Get('get')
  @Needs('VIEW_SERVICE')
  get(@CurrentService() service: Service): Service {
    return service;
  }

  /** Replaces all settings. */
  @Post('update')
  @HttpCode(200)
  @Needs('MODIFY_SERVICE')
  async update(@CurrentService() service: Service, @Body(EnvelopePipe) body: ServiceSettingsDto): Promise<Service> {
    const reserved = reservedName(body);
    if (reserved !== undefined) throw new ApiError(400, 'customNameReserved', { name: reserved });
    const next = withSettings(service, body);
    await this.services.replace(next);
    return next;
  }
}
