import { Body, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiServiceIdClientResolve, ApiServiceIdClientSecretVerify } from '@clientele/model';
import type { VerifySecretResponse } from '@clientele/model/metadata';
import { ApiController, ApiRoute } from '../access/api-route.ts';
import { ByCaller } from '../access/changed-by.ts';
import { CurrentService, Permits, type Permission } from '../access/service.guard.ts';
import type { ChangedBy } from '../changes/change.ts';
import { authleteClient } from '../clients/authlete-client.ts';
import { ClientLookup, clientUnknown } from '../clients/client-lookup.ts';
import { entityTag } from '../clients/entity-tag.ts';
import { SecretReads } from '../clients/secret-reads.ts';
import { EnvelopePipe } from '../http/envelope.pipe.ts';
import { EXAMPLE } from '../http/examples.ts';
import { JsonText } from '../http/json-text.ts';
import type { Service } from '../services/service.ts';
import { ClientResolver } from './resolve-client.ts';
import { SecretVerifier } from './verify-secret.ts';

const COMMON = { tag: 'Clients', errors: [413, 415] } as const;

/** The calls of authorization servers that look clients up. */
@ApiController('client')
export class LookupController {
  constructor(
    private readonly lookup: ClientLookup,
    private readonly resolver: ClientResolver,
    private readonly verifier: SecretVerifier,
    private readonly secretReads: SecretReads,
  ) {}

  @ApiRoute('GET', 'get/:clientIdentifier', {
    id: 'getClientByIdentifier',
    tag: 'Clients',
    summary: 'Get a client; its secret only with the right VIEW_CLIENT_SECRET',
    right: 'VIEW_CLIENT',
    response: { schema: 'Client' },
  })
  async get(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
    @Permits() permits: Permission,
    @ByCaller() by: ChangedBy,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JsonText> {
    const client = await this.lookup.find(service.apiKey, identifier);
    if (client === undefined) throw clientUnknown(identifier);
    // A response to HEAD has no body and so no secret: no read is logged.
    const withSecret =
      permits('VIEW_CLIENT_SECRET') && (request.method === 'HEAD' || (await this.secretReads.permit(client, by)));
    void reply.header('etag', entityTag(client, service, withSecret ? 'complete' : 'limited'));
    return new JsonText(authleteClient({ service, client }, { withSecret }), undefined, undefined, client.clientId);
  }

  @ApiRoute('POST', 'resolve', {
    ...COMMON,
    id: 'resolveClient',
    summary: 'Resolve the client_id of a request; the digests of its secrets only with the right VERIFY_CLIENT_SECRET',
    right: 'VIEW_CLIENT',
    body: { schema: ApiServiceIdClientResolve, example: { clientId: EXAMPLE.clientIdentifier } },
    response: { schema: 'ResolveResponse' },
  })
  resolve(
    @CurrentService() service: Service,
    @Permits() permits: Permission,
    @Body(EnvelopePipe) body: ApiServiceIdClientResolve,
  ): Promise<JsonText> {
    return this.resolver.resolve(service, body, permits('VERIFY_CLIENT_SECRET'));
  }

  @ApiRoute('POST', 'secret/verify/:clientIdentifier', {
    ...COMMON,
    id: 'verifyClientSecret',
    summary: 'Verify a client secret',
    right: 'VERIFY_CLIENT_SECRET',
    body: { schema: ApiServiceIdClientSecretVerify, example: { clientSecret: 'a-client-secret' } },
    response: { schema: 'VerifySecretResponse' },
  })
  verify(
    @CurrentService() service: Service,
    @Param('clientIdentifier') identifier: string,
    @ByCaller() by: ChangedBy,
    @Body(EnvelopePipe) { clientSecret }: ApiServiceIdClientSecretVerify,
  ): Promise<VerifySecretResponse> {
    return this.verifier.verify(service, identifier, clientSecret, by);
  }
}
