import { Body, Param } from '@nestjs/common';
import type { ApiAccessTokenInformation, ApiAccessTokenList, CreatedApiAccessToken } from '@clientele/model/metadata';
import { informationOf } from '../../access/api-access-token-information.ts';
import { ApiAccessTokenStore, type ApiAccessToken } from '../../access/api-access-token-store.ts';
import { CreateApiAccessTokenDto } from '../../access/api-access-token.dto.ts';
import { ApiAccessTokens } from '../../access/api-access-tokens.ts';
import { ApiController, ApiRoute, InstallationController } from '../../access/api-route.ts';
import { ByCaller } from '../../access/changed-by.ts';
import { CallerToken, CurrentService } from '../../access/service.guard.ts';
import type { ChangedBy } from '../../changes/change.ts';
import { StrictPipe } from '../../http/envelope.pipe.ts';
import type { Service } from '../../services/service.ts';

const COMMON = { tag: 'Services and tokens', right: 'ADMIN' } as const;
const OF_INSTALLATION = { ...COMMON, forAllServices: true } as const;

const CREATION = {
  body: {
    schema: CreateApiAccessTokenDto,
    example: { accessRights: ['USE_SERVICE'], expiresIn: 7_776_000, label: 'Our authorization server' },
  },
  response: { status: 201, schema: 'CreatedApiAccessToken' },
} as const;

const LIST = { response: { schema: 'ApiAccessTokens' } } as const;

const DELETION = { response: { status: 204 } } as const;

/** The API access tokens of a service. */
@ApiController('api_access_token')
export class ServiceTokenController {
  constructor(
    private readonly tokens: ApiAccessTokens,
    private readonly store: ApiAccessTokenStore,
  ) {}

  @ApiRoute('POST', 'create', {
    ...COMMON,
    ...CREATION,
    id: 'createApiAccessToken',
    summary: 'Create an API access token for the service; only this response contains it',
  })
  async create(
    @CurrentService() { apiKey }: Service,
    @CallerToken() caller: ApiAccessToken,
    @ByCaller() by: ChangedBy,
    @Body(StrictPipe) body: CreateApiAccessTokenDto,
  ): Promise<CreatedApiAccessToken> {
    return created(await this.tokens.create(caller, apiKey, body, by), by);
  }

  @ApiRoute('GET', 'get/list', {
    ...COMMON,
    ...LIST,
    id: 'listApiAccessTokens',
    summary: 'List the API access tokens of the service without their values, oldest first',
  })
  async list(@CurrentService() { apiKey }: Service): Promise<ApiAccessTokenList> {
    return { apiAccessTokens: (await this.store.list(apiKey)).map(informationOf) };
  }

  @ApiRoute('DELETE', 'delete/:apiAccessTokenId', {
    ...COMMON,
    ...DELETION,
    id: 'deleteApiAccessToken',
    summary: 'Revoke an API access token of the service, for the next call',
  })
  delete(
    @CurrentService() { apiKey }: Service,
    @ByCaller() by: ChangedBy,
    @Param('apiAccessTokenId') id: string,
  ): Promise<void> {
    return this.tokens.delete(apiKey, id, by);
  }
}

/** The API access tokens for all services. */
@InstallationController('api_access_token')
export class InstallationTokenController {
  constructor(
    private readonly tokens: ApiAccessTokens,
    private readonly store: ApiAccessTokenStore,
  ) {}

  @ApiRoute('POST', 'create', {
    ...OF_INSTALLATION,
    ...CREATION,
    id: 'createApiAccessTokenForAllServices',
    summary: 'Create an API access token for all services; only this response contains it',
  })
  async create(
    @CallerToken() caller: ApiAccessToken,
    @ByCaller() by: ChangedBy,
    @Body(StrictPipe) body: CreateApiAccessTokenDto,
  ): Promise<CreatedApiAccessToken> {
    return created(await this.tokens.create(caller, undefined, body, by), by);
  }

  @ApiRoute('GET', 'get/self', {
    tag: COMMON.tag,
    forAnyToken: true,
    id: 'getOwnApiAccessToken',
    summary: 'Get the API access token of this call without its value: what it may do, and until when',
    response: { schema: 'ApiAccessToken' },
  })
  self(@CallerToken() caller: ApiAccessToken): ApiAccessTokenInformation {
    return informationOf(caller);
  }

  @ApiRoute('GET', 'get/list', {
    ...OF_INSTALLATION,
    ...LIST,
    id: 'listApiAccessTokensForAllServices',
    summary: 'List the API access tokens for all services without their values, oldest first',
  })
  async list(): Promise<ApiAccessTokenList> {
    return { apiAccessTokens: (await this.store.list(undefined)).map(informationOf) };
  }

  @ApiRoute('DELETE', 'delete/:apiAccessTokenId', {
    ...OF_INSTALLATION,
    ...DELETION,
    id: 'deleteApiAccessTokenForAllServices',
    summary: 'Revoke an API access token for all services, for the next call',
  })
  delete(@ByCaller() by: ChangedBy, @Param('apiAccessTokenId') id: string): Promise<void> {
    return this.tokens.delete(undefined, id, by);
  }
}

function created(
  { token, stored }: Awaited<ReturnType<ApiAccessTokens['create']>>,
  { actor }: ChangedBy,
): CreatedApiAccessToken {
  return { ...informationOf({ ...stored, createdBy: actor }), apiAccessToken: token };
}
