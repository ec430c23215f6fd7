import { Body, Controller, HttpCode, Post, UseFilters, UseGuards } from '@nestjs/common';
import {
  ApiServiceIdClientRegistration,
  ApiServiceIdClientRegistrationDelete,
  ApiServiceIdClientRegistrationExplain,
  ApiServiceIdClientRegistrationGet,
  ApiServiceIdClientRegistrationUpdate,
} from '@clientele/model';
import { EnvelopePipe } from '../http/envelope.pipe.ts';
import type { Service } from '../services/service.ts';
import { CurrentService, Needs, ServiceGuard } from '../access/service.guard.ts';
import { ClientRegistration } from './client-registration.ts';
import { RegistrationErrorFilter } from './registration-error.filter.ts';
import { RegistrationExplainer } from './registration-explainer.ts';
import { created, deleted, found, updated } from './registration-responses.ts';

/**
 * Authlete's client registration APIs. The HTTP status says whether the call itself was right, the `action` what the
 * authorization server answers to its client application.
 */
@Controller('api/:serviceId/client/registration')
@UseGuards(ServiceGuard)
@UseFilters(RegistrationErrorFilter)
export class RegistrationController {
  constructor(
    private readonly registration: ClientRegistration,
    private readonly explainer: RegistrationExplainer,
  ) {}

  @Post()
  @HttpCode(200)
  @Needs('USE_SERVICE')
  async register(@CurrentService() service: Service, @Body(EnvelopePipe) body: ApiServiceIdClientRegistration) {
    return created(await this.registration.register(service, body));
  }

  @Post('get')
  @HttpCode(200)
  @Needs('USE_SERVICE')
  async get(@CurrentService() service: Service, @Body(EnvelopePipe) body: ApiServiceIdClientRegistrationGet) {
    return found(await this.registration.get(service, body));
  }

  @Post('update')
  @HttpCode(200)
  @Needs('USE_SERVICE')
  async update(@CurrentService() service: Service, @Body(EnvelopePipe) body: ApiServiceIdClientRegistrationUpdate) {
    return updated(await this.registration.update(service, body));
  }

  @Post('delete')
  @HttpCode(200)
  @Needs('USE_SERVICE')
  async delete(@CurrentService() service: Service, @Body(EnvelopePipe) body: ApiServiceIdClientRegistrationDelete) {
    await this.registration.delete(service, body);
    return deleted();
  }

  /** Clientele's own: the decision on a request, with its reasons. Nothing is changed. */
  @Post('explain')
  @HttpCode(200)
  @Needs('VIEW_CLIENT')
  explain(@CurrentService() service: Service, @Body(EnvelopePipe) body: ApiServiceIdClientRegistrationExplain) {
    return this.explainer.explain(service, body);
  }
}
