import { Body, Param } from '@nestjs/common';
import { ApiServiceIdClientRequestableScopesUpdate } from '@clientele/model';
import { isJsonObject, type RequestableScopesResponse } from '@clientele/model/metadata';
import { ApiController, ApiRoute } from '../../access/api-route.ts';
import { ByCaller } from '../../access/changed-by.ts';
import { CurrentService } from '../../access/service.guard.ts';
import type { ChangedBy } from '../../changes/change.ts';
import { ClientLookup } from '../../clients/client-lookup.ts';
import type { StoredClient } from '../../clients/client.ts';
import { ApiError } from '../../http/api-error.ts';
import { readStrictly } from '../../http/envelope.pipe.ts';
import type { Service } from '../../services/service.ts';
import { ClientAdministration } from './client-administration.ts';
import { shownClient } from './requested-client.ts';

const UPDATE = {
  tag: 'Clients',
  right: 'MODIFY_CLIENT',
  summary: 'Set the scopes that a client may request; without a list, there is no limit',
  body: { schema: ApiServiceIdClientRequestableScopesUpdate, example: { requestableScopes: ['openid', 'profile'] } },
  response: { schema: 'RequestableScopes' },
  errors: [413, 415],
} as const;

/** The scopes that a client may request. */
@ApiController('client/extension/requestable_scopes')
export class RequestableScopesController {
  constructor(
    private readonly administration: ClientAdministration,
    private readonly lookup: ClientLookup,
  ) {}

  @ApiRoute('GET', 'get/:clientIdentifier', {
    id: 'getRequestableScopes',
    tag: 'Clients',
    summary: 'Get the scopes that a client may request; no list if there is no limit',
    right: 'VIEW_CLIENT',
    response: { schema: 'RequestableScopes' },
  })
  async get(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
  ): Promise<RequestableScopesResponse> {
    return responseOf(service, await this.lookup.existing(service.apiKey, identifier));
  }

  @ApiRoute('POST', 'update/:clientIdentifier', { ...UPDATE, id: 'updateRequestableScopes' })
  async update(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
    @ByCaller() by: ChangedBy,
    @Body() body: unknown,
  ): Promise<RequestableScopesResponse> {
    if (!isJsonObject(body)) throw new ApiError(400, 'requestableScopesNotObject');
    const { requestableScopes } = readStrictly(ApiServiceIdClientRequestableScopesUpdate, body);
    return responseOf(
      service,
      await this.administration.setRequestableScopes(service, identifier, requestableScopes, by),
    );
  }

  /** Authlete: its SDKs use either method. */
  @ApiRoute('PUT', 'update/:clientIdentifier', { ...UPDATE, id: 'putRequestableScopes' })
  put(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
    @ByCaller() by: ChangedBy,
    @Body() body: unknown,
  ): Promise<RequestableScopesResponse> {
    return this.update(service, identifier, by, body);
  }

  @ApiRoute('DELETE', 'delete/:clientIdentifier', {
    id: 'deleteRequestableScopes',
    tag: 'Clients',
    summary: 'Remove the limit of the scopes that a client may request',
    right: 'MODIFY_CLIENT',
    response: { status: 204 },
  })
  async delete(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
    @ByCaller() by: ChangedBy,
  ): Promise<void> {
    await this.administration.setRequestableScopes(service, identifier, undefined, by);
  }
}

/** The limit that a `Client` shows. A service may make the registered scope the limit (`dcrScopeUsedAsRequestable`). */
function responseOf(service: Service, client: StoredClient): RequestableScopesResponse {
  const { requestableScopesEnabled, requestableScopes } = (shownClient(service, client).extension ?? {}) as {
    readonly requestableScopesEnabled?: boolean;
    readonly requestableScopes?: string[];
  };
  return requestableScopesEnabled === true && requestableScopes !== undefined ? { requestableScopes } : {};
}
