import { Body, Headers, Param, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ClientReplacementDto } from '@clientele/model';
import type { ClientPreview } from '@clientele/model/metadata';
import { ApiController, ApiRoute } from '../../access/api-route.ts';
import { ByCaller } from '../../access/changed-by.ts';
import { CurrentService, Permits, type Permission } from '../../access/service.guard.ts';
import type { ChangedBy } from '../../changes/change.ts';
import { ifMatch } from '../../clients/entity-tag.ts';
import { EXAMPLE } from '../../http/examples.ts';
import type { JsonText } from '../../http/json-text.ts';
import { objectIn } from '../../http/object-in.ts';
import type { Service } from '../../services/service.ts';
import { patchIn } from '../patch/patch-in.ts';
import { ClientErrorFilter } from './client-error.filter.ts';
import { clientIn } from './client-request.ts';
import { ClientResponses } from './client-responses.ts';
import { ClientUpdates } from './client-updates.ts';

const COMMON = { tag: 'Clients', right: 'MODIFY_CLIENT' } as const;

/** Changes of clients that exist, and the preview of a replacement. */
@ApiController('client')
@UseFilters(ClientErrorFilter)
export class ClientUpdateController {
  constructor(
    private readonly updates: ClientUpdates,
    private readonly responses: ClientResponses,
  ) {}

  @ApiRoute('POST', 'update/:clientIdentifier', {
    ...COMMON,
    id: 'updateClientByIdentifier',
    summary: 'Replace a client that exists; its secret stays the same',
    body: { schema: 'ClientInput', example: EXAMPLE.client },
    response: { schema: 'Client' },
    errors: [412, 413, 415],
  })
  async update(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
    @ByCaller() by: ChangedBy,
    @Headers('if-match') match: string | undefined,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JsonText> {
    const changed = await this.updates.update(service, identifier, objectIn(body), {
      by,
      precondition: ifMatch(match),
    });
    return this.responses.changed(reply, service, by, changed);
  }

  /** @see https://www.rfc-editor.org/rfc/rfc7396.html */
  @ApiRoute('PATCH', 'update/:clientIdentifier', {
    ...COMMON,
    id: 'patchClientByIdentifier',
    summary: 'Change the named properties of a client (JSON Merge Patch, RFC 7396); null removes one',
    body: { schema: 'ClientPatch', mergePatch: true, example: { clientName: 'My Renamed Client', logoUri: null } },
    response: { schema: 'Client' },
    errors: [412, 413, 415],
  })
  async patch(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
    @ByCaller() by: ChangedBy,
    @Headers('if-match') match: string | undefined,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JsonText> {
    const changed = await this.updates.patch(service, identifier, patchIn(body), { by, precondition: ifMatch(match) });
    return this.responses.changed(reply, service, by, changed);
  }

  @ApiRoute('POST', 'preview/:clientIdentifier', {
    ...COMMON,
    id: 'previewClient',
    summary: 'Preview what PUT with the same body would change; nothing is written',
    body: { schema: 'ClientInput', example: EXAMPLE.client },
    response: { schema: 'ClientPreview' },
    errors: [413, 415],
  })
  preview(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
    @Permits() permits: Permission,
    @Body() body: unknown,
  ): Promise<ClientPreview> {
    return this.updates.preview(service, identifier, clientIn(body, ClientReplacementDto), permits);
  }
}
