import { Body, Param, Query } from '@nestjs/common';
import {
  ApiServiceIdClientAuthorizationGetList,
  ApiServiceIdClientAuthorizationUpdate,
  ApiServiceIdClientGrant,
} from '@clientele/model';
import {
  resultOf,
  type ApiErrorResponse,
  type AuthorizationsResponse,
  type GrantedScopesResponse,
} from '@clientele/model/metadata';
import { ApiController, ApiRoute } from '../../access/api-route.ts';
import { CurrentService } from '../../access/service.guard.ts';
import { ClientLookup } from '../../clients/client-lookup.ts';
import { unacceptable } from '../../http/api-error.ts';
import { readEnvelope } from '../../http/envelope.pipe.ts';
import { EXAMPLE } from '../../http/examples.ts';
import { objectIn } from '../../http/object-in.ts';
import type { Service } from '../../services/service.ts';

const SUBJECT = { type: 'string', minLength: 1, description: 'The end user' };
const PLACE = { type: 'integer', minimum: 0 };

const COMMON = { tag: 'Clients', right: 'USE_SERVICE' } as const;
const LIST = {
  ...COMMON,
  summary: 'List the clients that an end user authorized: none, because a registry has no authorizations',
  response: { schema: 'Authorizations' },
} as const;
const UPDATE = {
  ...COMMON,
  summary: 'Update the access tokens of an end user: none, because a registry has no access tokens',
  response: { schema: 'ApiError' },
} as const;
const DELETE = { ...UPDATE, summary: 'Delete the access tokens of an end user: none, because a registry has none' };
const SCOPES = {
  ...COMMON,
  summary: 'Get the scopes that an end user granted: none, because a registry has no grants',
  response: { schema: 'GrantedScopes' },
} as const;
const DELETE_SCOPES = {
  ...UPDATE,
  summary: 'Delete the scopes that an end user granted: none, because a registry has none',
};

const BY_QUERY = { query: { subject: SUBJECT }, requiredQuery: ['subject'] };
const BY_PATH = { query: { subject: SUBJECT } };
const BY_BODY = {
  body: { schema: ApiServiceIdClientGrant, form: true, example: { subject: EXAMPLE.subject } },
  errors: [413, 415],
};

/** The parameters in the path of a call for a client. */
interface ClientPath {
  readonly clientIdentifier: string;
  readonly subject?: string;
}

/**
 * Authlete's calls for access tokens and granted scopes, which an authorization server has and a registry does not. The responses say
 * so by empty results. Authlete: a call has several forms, and the last one repeats the subject of its path in the query.
 */
@ApiController('client')
export class GrantController {
  constructor(private readonly lookup: ClientLookup) {}

  @ApiRoute('GET', 'authorization/get/list', {
    ...LIST,
    id: 'listAuthorizations',
    query: { subject: SUBJECT, developer: { type: 'string' }, start: PLACE, end: PLACE },
    requiredQuery: ['subject'],
  })
  list(@Query() query: unknown): AuthorizationsResponse {
    return authorizations(query);
  }

  @ApiRoute('POST', 'authorization/get/list', {
    ...LIST,
    id: 'postListAuthorizations',
    body: { schema: ApiServiceIdClientAuthorizationGetList, form: true, example: { subject: EXAMPLE.subject } },
    errors: [413, 415],
  })
  postList(@Body() body: unknown): AuthorizationsResponse {
    return authorizations(body);
  }

  @ApiRoute('GET', 'authorization/get/list/:subject', {
    ...LIST,
    id: 'listAuthorizationsOfSubject',
    query: { subject: SUBJECT, developer: { type: 'string' }, start: PLACE, end: PLACE },
  })
  listOfSubject(@Param('subject') subject: string, @Query() query: unknown): AuthorizationsResponse {
    return authorizations(query, subject);
  }

  @ApiRoute('POST', 'authorization/update/:clientIdentifier', {
    ...UPDATE,
    id: 'updateAuthorizations',
    body: {
      schema: ApiServiceIdClientAuthorizationUpdate,
      form: true,
      example: { subject: EXAMPLE.subject, scopes: ['openid'] },
    },
    errors: [413, 415],
  })
  async update(
    @CurrentService() service: Service,
    @Param() path: ClientPath,
    @Body() body: unknown,
  ): Promise<ApiErrorResponse> {
    requestIn(ApiServiceIdClientAuthorizationUpdate, body);
    await this.lookup.existing(service.apiKey, path.clientIdentifier);
    return resultOf('authorizationsUpdated');
  }

  @ApiRoute('DELETE', 'authorization/delete/:clientIdentifier', { ...DELETE, ...BY_QUERY, id: 'deleteAuthorizations' })
  async delete(
    @CurrentService() service: Service,
    @Param() path: ClientPath,
    @Query() query: unknown,
  ): Promise<ApiErrorResponse> {
    await this.grantOf(service, path, query);
    return resultOf('authorizationsDeleted');
  }

  @ApiRoute('DELETE', 'authorization/delete/:clientIdentifier/:subject', {
    ...DELETE,
    ...BY_PATH,
    id: 'deleteAuthorizationsOfSubject',
  })
  deleteOfSubject(
    @CurrentService() service: Service,
    @Param() path: ClientPath,
    @Query() query: unknown,
  ): Promise<ApiErrorResponse> {
    return this.delete(service, path, query);
  }

  @ApiRoute('POST', 'authorization/delete/:clientIdentifier', { ...DELETE, ...BY_BODY, id: 'postDeleteAuthorizations' })
  postDelete(
    @CurrentService() service: Service,
    @Param() path: ClientPath,
    @Body() body: unknown,
  ): Promise<ApiErrorResponse> {
    return this.delete(service, path, body);
  }

  @ApiRoute('GET', 'granted_scopes/get/:clientIdentifier', { ...SCOPES, ...BY_QUERY, id: 'getGrantedScopes' })
  async scopes(
    @CurrentService() service: Service,
    @Param() path: ClientPath,
    @Query() query: unknown,
  ): Promise<GrantedScopesResponse> {
    const { clientId, subject } = await this.grantOf(service, path, query);
    return {
      ...resultOf('noGrantedScopes'),
      serviceApiKey: service.apiKey,
      clientId,
      subject,
      latestGrantedScopes: [],
      mergedGrantedScopes: [],
      modifiedAt: 0,
    };
  }

  @ApiRoute('GET', 'granted_scopes/get/:clientIdentifier/:subject', {
    ...SCOPES,
    ...BY_PATH,
    id: 'getGrantedScopesOfSubject',
  })
  scopesOfSubject(
    @CurrentService() service: Service,
    @Param() path: ClientPath,
    @Query() query: unknown,
  ): Promise<GrantedScopesResponse> {
    return this.scopes(service, path, query);
  }

  @ApiRoute('POST', 'granted_scopes/get/:clientIdentifier', { ...SCOPES, ...BY_BODY, id: 'postGetGrantedScopes' })
  postScopes(
    @CurrentService() service: Service,
    @Param() path: ClientPath,
    @Body() body: unknown,
  ): Promise<GrantedScopesResponse> {
    return this.scopes(service, path, body);
  }

  @ApiRoute('DELETE', 'granted_scopes/delete/:clientIdentifier', {
    ...DELETE_SCOPES,
    ...BY_QUERY,
    id: 'deleteGrantedScopes',
  })
  async deleteScopes(
    @CurrentService() service: Service,
    @Param() path: ClientPath,
    @Query() query: unknown,
  ): Promise<ApiErrorResponse> {
    await this.grantOf(service, path, query);
    return resultOf('grantedScopesDeleted');
  }

  @ApiRoute('DELETE', 'granted_scopes/delete/:clientIdentifier/:subject', {
    ...DELETE_SCOPES,
    ...BY_PATH,
    id: 'deleteGrantedScopesOfSubject',
  })
  deleteScopesOfSubject(
    @CurrentService() service: Service,
    @Param() path: ClientPath,
    @Query() query: unknown,
  ): Promise<ApiErrorResponse> {
    return this.deleteScopes(service, path, query);
  }

  @ApiRoute('POST', 'granted_scopes/delete/:clientIdentifier', {
    ...DELETE_SCOPES,
    ...BY_BODY,
    id: 'postDeleteGrantedScopes',
  })
  postDeleteScopes(
    @CurrentService() service: Service,
    @Param() path: ClientPath,
    @Body() body: unknown,
  ): Promise<ApiErrorResponse> {
    return this.deleteScopes(service, path, body);
  }

  /** The subject and the number of the client. Throws `ApiError` if the subject is missing or the client is unknown. */
  private async grantOf(
    service: Service,
    { clientIdentifier, subject: inPath }: ClientPath,
    given: unknown,
  ): Promise<{ readonly clientId: number; readonly subject: string }> {
    const { subject } = requestIn(ApiServiceIdClientGrant, given, inPath);
    const { clientId } = await this.lookup.existing(service.apiKey, clientIdentifier);
    return { clientId, subject };
  }
}

function authorizations(given: unknown, inPath?: string): AuthorizationsResponse {
  const { start = 0, developer, subject } = requestIn(ApiServiceIdClientAuthorizationGetList, given, inPath);
  return { start, end: start, ...(developer !== undefined && { developer }), subject, totalCount: 0, clients: [] };
}

/** The parameters of a call, in the query or in the body, with the subject in the path. */
function requestIn<Dto extends object>(dto: new () => Dto, given: unknown, inPath?: string): Dto {
  const parameters = objectIn(given);
  const { subject = inPath } = parameters;
  if (inPath !== undefined && subject !== inPath) throw unacceptable('subject differs between the path and the query.');
  return readEnvelope(dto, { ...parameters, subject });
}
