import { Body, Param, Query } from '@nestjs/common';
import { ApiServiceIdClientSecretRefresh, ApiServiceIdClientSecretUpdate } from '@clientele/model';
import { resultOf, type ClientSecretResponse, type RegistrationAccessTokenResponse } from '@clientele/model/metadata';
import { ApiController, ApiRoute } from '../../access/api-route.ts';
import { ByCaller } from '../../access/changed-by.ts';
import { CurrentService } from '../../access/service.guard.ts';
import type { ChangedBy } from '../../changes/change.ts';
import { secondsOf } from '../../clients/client.ts';
import { StrictPipe } from '../../http/envelope.pipe.ts';
import { PublicUrls } from '../../services/public-urls.ts';
import type { Service } from '../../services/service.ts';
import { SecretAdministration, type ReplacedSecret } from './secret-administration.ts';

const COMMON = { tag: 'Clients', right: 'MODIFY_CLIENT', errors: [413, 415] } as const;

const SECONDS = { type: 'integer', minimum: 0 };

/** The calls that replace the secret or the registration access token of a client. */
@ApiController('client')
export class SecretController {
  constructor(
    private readonly secrets: SecretAdministration,
    private readonly urls: PublicUrls,
  ) {}

  @ApiRoute('POST', 'secret/refresh/:clientIdentifier', {
    ...COMMON,
    id: 'refreshClientSecret',
    summary: 'Replace the secret of a client by a generated one',
    body: { schema: ApiServiceIdClientSecretRefresh, form: true, optional: true, example: { overlap: 3600 } },
    response: { schema: 'ClientSecretResponse' },
  })
  async refresh(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
    @ByCaller() by: ChangedBy,
    @Body(StrictPipe) request: ApiServiceIdClientSecretRefresh,
  ): Promise<ClientSecretResponse> {
    return refreshed(await this.secrets.replaceSecret(service, identifier, request, by));
  }

  /** Authlete: a GET that changes the secret. There is no HEAD at this path. */
  @ApiRoute('GET', 'secret/refresh/:clientIdentifier', {
    tag: 'Clients',
    right: 'MODIFY_CLIENT',
    id: 'refreshClientSecretByGet',
    summary: 'Replace the secret of a client by a generated one, as Authlete does. Prefer POST',
    query: { overlap: SECONDS, lifetime: SECONDS },
    response: { schema: 'ClientSecretResponse' },
    unsafe: true,
  })
  async refreshByGet(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
    @ByCaller() by: ChangedBy,
    @Query(StrictPipe) request: ApiServiceIdClientSecretRefresh,
  ): Promise<ClientSecretResponse> {
    return refreshed(await this.secrets.replaceSecret(service, identifier, request, by));
  }

  @ApiRoute('POST', 'secret/update/:clientIdentifier', {
    ...COMMON,
    id: 'updateClientSecret',
    summary: 'Replace the secret of a client by a given one',
    body: { schema: ApiServiceIdClientSecretUpdate, form: true, example: { clientSecret: 'another-client-secret' } },
    response: { schema: 'ClientSecretResponse' },
  })
  async update(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
    @ByCaller() by: ChangedBy,
    @Body(StrictPipe) request: ApiServiceIdClientSecretUpdate,
  ): Promise<ClientSecretResponse> {
    const replaced = await this.secrets.replaceSecret(service, identifier, request, by);
    return responseOf('clientSecretUpdated', replaced);
  }

  @ApiRoute('POST', 'registration_access_token/refresh/:clientIdentifier', {
    ...COMMON,
    id: 'refreshRegistrationAccessToken',
    summary: 'Replace the registration access token of a client that registered dynamically',
    response: { schema: 'RegistrationAccessTokenResponse' },
  })
  async refreshRegistrationAccessToken(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
    @ByCaller() by: ChangedBy,
  ): Promise<RegistrationAccessTokenResponse> {
    const { clientId, token } = await this.secrets.replaceRegistrationAccessToken(service, identifier, by);
    return {
      ...resultOf('registrationAccessTokenRefreshed'),
      registrationAccessToken: token,
      registrationClientUri: `${this.urls.clientConfigurationEndpoint(service)}/${clientId}`,
    };
  }
}

function refreshed(replaced: ReplacedSecret): ClientSecretResponse {
  return responseOf('clientSecretRefreshed', replaced);
}

/** The response with a new secret. Its times are in seconds since 1970. */
function responseOf(
  result: 'clientSecretRefreshed' | 'clientSecretUpdated',
  { clientId, secret, old, overlapEndsAt }: ReplacedSecret,
): ClientSecretResponse {
  return {
    ...resultOf(result, { clientId }),
    newClientSecret: secret.value,
    ...(old !== undefined && { oldClientSecret: old }),
    ...(overlapEndsAt !== undefined && { overlapEndsAt: secondsOf(overlapEndsAt) }),
    expiresAt: secondsOf(secret.expiresAt ?? 0),
  };
}
