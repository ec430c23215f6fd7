import { Body, Headers, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { isJsonObject } from '@clientele/model/metadata';
import { ApiController, ApiRoute } from '../../access/api-route.ts';
import { ByCaller } from '../../access/changed-by.ts';
import { CurrentService } from '../../access/service.guard.ts';
import type { ChangedBy } from '../../changes/change.ts';
import { unacceptable } from '../../http/api-error.ts';
import { EnvelopePipe } from '../../http/envelope.pipe.ts';
import { JsonText } from '../../http/json-text.ts';
import { objectIn } from '../../http/object-in.ts';
import { PublicUrls } from '../../services/public-urls.ts';
import { serverMetadata } from '../../services/server-metadata.ts';
import { ServiceSettingsDto } from '../../services/service-settings.dto.ts';
import type { Service } from '../../services/service.ts';
import { applyJsonPatch, JsonPatchError, LONGEST_PATCH } from '../patch/json-patch.ts';
import { patchIn } from '../patch/patch-in.ts';
import { ServiceAdministration } from './service-administration.ts';
import { ServiceConfigurationRequestDto, ServiceJwksRequestDto } from './service-configuration.dto.ts';
import { tagged } from './tagged-service.ts';

const CONFIGURATION = {
  tag: 'Services and tokens',
  right: 'VIEW_SERVICE',
  response: { schema: 'ServerMetadata' },
} as const;

/** Authlete's service APIs, for the settings that this server uses. */
@ApiController('service')
export class ServiceController {
  constructor(
    private readonly administration: ServiceAdministration,
    private readonly urls: PublicUrls,
  ) {}

  @ApiRoute('GET', 'get', {
    id: 'getService',
    tag: 'Services and tokens',
    summary: 'Get the settings of a service',
    right: 'VIEW_SERVICE',
    response: { schema: 'Service' },
  })
  get(@CurrentService() service: Service, @Res({ passthrough: true }) reply: FastifyReply): Service {
    return tagged(service, reply);
  }

  @ApiRoute('POST', 'update', {
    id: 'updateService',
    tag: 'Services and tokens',
    summary: 'Replace the settings of a service; an omitted setting gets its default',
    right: 'MODIFY_SERVICE',
    body: {
      schema: ServiceSettingsDto,
      example: { serviceName: 'My Service', dynamicRegistrationSupported: true, protocolRegistration: 'OPEN' },
    },
    response: { schema: 'Service' },
    errors: [412],
  })
  async update(
    @CurrentService() service: Service,
    @ByCaller() by: ChangedBy,
    @Headers('if-match') match: string | undefined,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Service> {
    return tagged(await this.administration.update(service, objectIn(body), { by, match }), reply);
  }

  /** @see https://www.rfc-editor.org/rfc/rfc7396.html */
  @ApiRoute('PATCH', 'update', {
    id: 'patchService',
    tag: 'Services and tokens',
    summary: 'Change the named settings of a service (JSON Merge Patch, RFC 7396); null resets one',
    right: 'MODIFY_SERVICE',
    body: {
      schema: 'ServicePatch',
      mergePatch: true,
      example: { serviceName: 'My Renamed Service', supportedAcrs: null },
    },
    response: { schema: 'Service' },
    errors: [412],
  })
  async patch(
    @CurrentService() service: Service,
    @ByCaller() by: ChangedBy,
    @Headers('if-match') match: string | undefined,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Service> {
    return tagged(await this.administration.patch(service, patchIn(body), { by, match }), reply);
  }

  @ApiRoute('DELETE', 'delete', {
    id: 'deleteService',
    tag: 'Services and tokens',
    summary: 'Delete a service with everything that belongs to it; its ID can be used again some minutes later',
    right: 'DELETE_SERVICE',
    response: { status: 204 },
    errors: [412],
  })
  async delete(
    @CurrentService() service: Service,
    @ByCaller() by: ChangedBy,
    @Headers('if-match') match: string | undefined,
  ): Promise<void> {
    await this.administration.delete(service, { by, match });
  }

  /** Authlete: a service without keys has no body there, which Authlete's own SDK refuses. This server never has keys. */
  @ApiRoute('GET', 'jwks/get', {
    id: 'getServiceJwks',
    tag: 'Services and tokens',
    summary: 'Get the JWK Set of the service, which is empty: the authorization server has its keys',
    right: 'VIEW_SERVICE',
    query: ServiceJwksRequestDto,
    response: { schema: 'JsonWebKeySet' },
  })
  jwks(@Query(EnvelopePipe) { pretty }: ServiceJwksRequestDto): JsonText {
    return jsonText({ keys: [] }, pretty);
  }

  @ApiRoute('GET', 'configuration', {
    ...CONFIGURATION,
    id: 'getServiceConfiguration',
    summary: 'Get the metadata of the authorization server (OpenID Connect Discovery section 4)',
    query: {
      pretty: { type: 'boolean', default: false, description: 'Whether the response has line breaks and indentation.' },
      patch: {
        type: 'string',
        maxLength: LONGEST_PATCH,
        description: 'The text of a JSON Patch (RFC 6902), which is applied to the response.',
      },
    },
  })
  configuration(
    @CurrentService() service: Service,
    @Query(EnvelopePipe) parameters: ServiceConfigurationRequestDto,
  ): JsonText {
    return this.configurationOf(service, parameters);
  }

  /** Authlete: its Java library sends the parameters in a body. */
  @ApiRoute('POST', 'configuration', {
    ...CONFIGURATION,
    id: 'getServiceConfigurationByPost',
    summary: 'Get the same metadata, with the parameters in the body',
    body: {
      schema: ServiceConfigurationRequestDto,
      form: true,
      example: { pretty: true, patch: '[{"op":"add","path":"/ui_locales_supported","value":["en"]}]' },
    },
  })
  postConfiguration(
    @CurrentService() service: Service,
    @Body(EnvelopePipe) parameters: ServiceConfigurationRequestDto,
  ): JsonText {
    return this.configurationOf(service, parameters);
  }

  private configurationOf(service: Service, { pretty, patch }: ServiceConfigurationRequestDto): JsonText {
    const metadata = serverMetadata(service, this.urls);
    const patched = patch === undefined ? metadata : withPatch(metadata, patch);
    return jsonText(patched, pretty);
  }
}

function jsonText(value: object, pretty: boolean): JsonText {
  return new JsonText(JSON.stringify(value, undefined, pretty ? 2 : undefined));
}

function withPatch(metadata: object, patch: string): object {
  try {
    const patched = applyJsonPatch(metadata, patch);
    if (isJsonObject(patched)) return patched;
  } catch (error) {
    if (error instanceof JsonPatchError) throw unacceptable(`${error.message}.`);
    throw error;
  }
  throw unacceptable('the result of the patch is not a JSON object.');
}
