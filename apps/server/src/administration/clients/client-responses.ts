import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ChangedBy } from '../../changes/change.ts';
import { authleteClient } from '../../clients/authlete-client.ts';
import { entityTag } from '../../clients/entity-tag.ts';
import { SecretReads } from '../../clients/secret-reads.ts';
import { JsonText } from '../../http/json-text.ts';
import type { Service } from '../../services/service.ts';
import type { ChangedClient } from './client-administration.ts';

/** The responses to changes of clients. */
@Injectable()
export class ClientResponses {
  constructor(private readonly secretReads: SecretReads) {}

  /** The response with a client. It contains the secret if the secret is new or if the log notes this read. */
  async changed(
    reply: FastifyReply,
    service: Service,
    by: ChangedBy,
    { client, newSecret }: ChangedClient,
  ): Promise<JsonText> {
    const withSecret = newSecret || (await this.secretReads.permit(client, by));
    void reply.header('etag', entityTag(client, service, withSecret ? 'complete' : 'limited'));
    return new JsonText(authleteClient({ service, client }, { withSecret }), undefined, undefined, client.clientId);
  }
}
