import { Body, UseFilters } from '@nestjs/common';
import {
  ApiServiceIdClientRegistration,
  ApiServiceIdClientRegistrationDelete,
  ApiServiceIdClientRegistrationExplain,
  ApiServiceIdClientRegistrationGet,
  ApiServiceIdClientRegistrationUpdate,
} from '@clientele/model';
import { ApiController, ApiRoute } from '../access/api-route.ts';
import { ByClient } from '../access/changed-by.ts';
import { CurrentService } from '../access/service.guard.ts';
import type { ChangedBy } from '../changes/change.ts';
import { EnvelopePipe } from '../http/envelope.pipe.ts';
import { EXAMPLE } from '../http/examples.ts';
import type { Service } from '../services/service.ts';
import { ClientRegistration } from './client-registration.ts';
import { RegistrationErrorFilter } from './registration-error.filter.ts';
import { RegistrationExplainer } from './registration-explainer.ts';
import { created, deleted, found, updated } from './registration-responses.ts';

const { clientId, token, metadata, replacement } = EXAMPLE;
const COMMON = {
  tag: 'Client registration API',
  right: 'USE_SERVICE',
  response: { schema: 'RegistrationResponse' },
} as const;

/**
 * Authlete's client registration APIs. The HTTP status says whether the call was right. The `action` says how the authorization server
 * responds to its client application.
 */
@ApiController('client/registration')
@UseFilters(RegistrationErrorFilter)
export class RegistrationController {
  constructor(
    private readonly registration: ClientRegistration,
    private readonly explainer: RegistrationExplainer,
  ) {}

  @ApiRoute('POST', '', {
    ...COMMON,
    id: 'registerClient',
    summary: 'Register a client (RFC 7591 section 3)',
    body: { schema: ApiServiceIdClientRegistration, form: true, example: { json: JSON.stringify(metadata) } },
    counted: 'register',
  })
  async register(
    @CurrentService() service: Service,
    @ByClient() by: ChangedBy,
    @Body(EnvelopePipe) body: ApiServiceIdClientRegistration,
  ) {
    return created(await this.registration.register(service, body, { by }));
  }

  @ApiRoute('POST', 'get', {
    ...COMMON,
    id: 'getClient',
    summary: 'Get a client (RFC 7592 section 2.1)',
    body: { schema: ApiServiceIdClientRegistrationGet, form: true, example: { clientId, token } },
    counted: 'get',
  })
  async get(@CurrentService() service: Service, @Body(EnvelopePipe) body: ApiServiceIdClientRegistrationGet) {
    return found(await this.registration.get(service, body));
  }

  @ApiRoute('POST', 'update', {
    ...COMMON,
    id: 'updateClient',
    summary: 'Replace the metadata of a client (RFC 7592 section 2.2)',
    body: {
      schema: ApiServiceIdClientRegistrationUpdate,
      form: true,
      example: { clientId, token, json: JSON.stringify(replacement) },
    },
    counted: 'update',
  })
  async update(
    @CurrentService() service: Service,
    @ByClient() by: ChangedBy,
    @Body(EnvelopePipe) body: ApiServiceIdClientRegistrationUpdate,
  ) {
    return updated(await this.registration.update(service, body, { by }));
  }

  @ApiRoute('POST', 'delete', {
    ...COMMON,
    id: 'deleteClient',
    summary: 'Delete a client (RFC 7592 section 2.3)',
    body: { schema: ApiServiceIdClientRegistrationDelete, form: true, example: { clientId, token } },
    counted: 'delete',
  })
  async delete(
    @CurrentService() service: Service,
    @ByClient() by: ChangedBy,
    @Body(EnvelopePipe) body: ApiServiceIdClientRegistrationDelete,
  ) {
    await this.registration.delete(service, body, { by });
    return deleted();
  }

  @ApiRoute('POST', 'explain', {
    ...COMMON,
    id: 'explainRegistration',
    summary: 'Explain the decision on a request without changing anything',
    right: 'VIEW_CLIENT',
    body: {
      schema: ApiServiceIdClientRegistrationExplain,
      form: true,
      example: { operation: 'register', plane: 'protocol', json: JSON.stringify(metadata) },
    },
    response: { schema: 'Explanation' },
  })
  explain(@CurrentService() service: Service, @Body(EnvelopePipe) body: ApiServiceIdClientRegistrationExplain) {
    return this.explainer.explain(service, body);
  }
}
