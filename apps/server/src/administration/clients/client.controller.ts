import { Body, Headers, Param, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiServiceIdClientLockFlagUpdate, ClientAdministrationDto, ClientReplacementDto } from '@clientele/model';
import { quote, resultOf } from '@clientele/model/metadata';
import { ApiController, ApiRoute } from '../../access/api-route.ts';
import { ByCaller } from '../../access/changed-by.ts';
import { CurrentService, Permits, type Permission } from '../../access/service.guard.ts';
import type { ChangedBy } from '../../changes/change.ts';
import { ifMatch } from '../../clients/entity-tag.ts';
import { unacceptable } from '../../http/api-error.ts';
import { EnvelopePipe } from '../../http/envelope.pipe.ts';
import { EXAMPLE } from '../../http/examples.ts';
import type { JsonText } from '../../http/json-text.ts';
import type { Service } from '../../services/service.ts';
import { ClientAdministration } from './client-administration.ts';
import { ClientErrorFilter } from './client-error.filter.ts';
import { clientIn } from './client-request.ts';
import { ClientResponses } from './client-responses.ts';

/** Authlete's client APIs, and `PUT client/{clientIdentifier}`. */
@ApiController('client')
@UseFilters(ClientErrorFilter)
export class ClientController {
  constructor(
    private readonly administration: ClientAdministration,
    private readonly responses: ClientResponses,
  ) {}

  @ApiRoute('POST', 'create', {
    id: 'createClient',
    tag: 'Clients',
    summary: 'Create a client',
    right: 'CREATE_CLIENT',
    body: { schema: 'ClientInput', example: EXAMPLE.client },
    response: { schema: 'Client' },
    errors: [413, 415],
  })
  async create(
    @CurrentService() service: Service,
    @ByCaller() by: ChangedBy,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JsonText> {
    const request = clientIn(body, ClientAdministrationDto);
    return this.responses.changed(reply, service, by, await this.administration.create(service, request, by));
  }

  @ApiRoute('PUT', ':clientIdentifier', {
    id: 'putClient',
    tag: 'Clients',
    summary: 'Replace a client, or create it with this client_id (with the right CREATE_CLIENT)',
    right: 'MODIFY_CLIENT',
    body: { schema: 'ClientInput', example: EXAMPLE.client },
    response: { schema: 'Client' },
    errors: [412, 413, 415],
  })
  async put(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
    @Permits() permits: Permission,
    @ByCaller() by: ChangedBy,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JsonText> {
    const { 'if-match': match, 'if-none-match': noneMatch } = headers;
    if (noneMatch !== undefined && noneMatch.trim() !== '*') throw unacceptable('If-None-Match must be *.');
    if (noneMatch !== undefined && match !== undefined)
      throw unacceptable('If-Match and If-None-Match exclude each other.');
    const expected = noneMatch !== undefined ? 'new' : match !== undefined ? 'existing' : undefined;
    const conditions = { by, permits, expected, precondition: ifMatch(match) } as const;
    const request = clientIn(body, ClientReplacementDto);
    return this.responses.changed(
      reply,
      service,
      by,
      await this.administration.put(service, identifier, request, conditions),
    );
  }

  @ApiRoute('POST', 'lock_flag/update/:clientIdentifier', {
    id: 'updateClientLockFlag',
    tag: 'Clients',
    summary: 'Lock or unlock a client',
    right: 'MODIFY_CLIENT',
    body: { schema: ApiServiceIdClientLockFlagUpdate, form: true, example: { clientLocked: true } },
    response: { schema: 'ApiError' },
    errors: [413, 415],
  })
  async updateLockFlag(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
    @ByCaller() by: ChangedBy,
    @Body(EnvelopePipe) { clientLocked }: ApiServiceIdClientLockFlagUpdate,
  ) {
    await this.administration.setLocked(service, identifier, clientLocked, by);
    return resultOf('lockFlagUpdated', { identifier: quote(identifier) });
  }

  @ApiRoute('DELETE', 'delete/:clientIdentifier', {
    id: 'deleteClientByIdentifier',
    tag: 'Clients',
    summary: 'Delete a client',
    right: 'MODIFY_CLIENT',
    response: { status: 204 },
    errors: [412],
  })
  async delete(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
    @ByCaller() by: ChangedBy,
    @Headers('if-match') match: string | undefined,
  ): Promise<void> {
    await this.administration.delete(service, identifier, { by, precondition: ifMatch(match) });
  }
}
