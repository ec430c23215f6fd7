import { Injectable } from '@nestjs/common';
import { ClientAdministrationDto } from '@clientele/model';
import type { ClientPreview, JsonObject } from '@clientele/model/metadata';
import type { Permission } from '../../access/service.guard.ts';
import { ChangeQueues } from '../../clients/change-queues.ts';
import { ClientLookup } from '../../clients/client-lookup.ts';
import { checkPrecondition } from '../../clients/precondition.ts';
import { readEnvelope } from '../../http/envelope.pipe.ts';
import type { Service } from '../../services/service.ts';
import { ClientAdministration, type ChangeConditions, type ChangedClient } from './client-administration.ts';
import { checkAddress, checkPut } from './client-identifier.ts';
import { previewOf } from './client-preview.ts';
import type { ClientRequest } from './client-request.ts';
import { patchedClient } from './patched-client.ts';
import { shownClient } from './requested-client.ts';
import { withUnknownProperties } from './unknown-to-authlete.ts';

/** A `Client` that replaces the shown one. */
interface RevisedClient {
  /** `undefined` if the client stays the same. */
  readonly body: JsonObject | undefined;
  /** The alias that is requested if the body has none; `undefined` keeps the current one. */
  readonly omittedAlias?: string;
}

/** Updates and patches clients, and previews replacements. Throws `ApiError`, or `RegistrationError` for refused metadata. */
@Injectable()
export class ClientUpdates {
  constructor(
    private readonly administration: ClientAdministration,
    private readonly lookup: ClientLookup,
    private readonly queues: ChangeQueues,
  ) {}

  /** Returns what `put` would change, and writes nothing. Throws the same errors as `put`. */
  async preview(
    service: Service,
    identifier: string,
    request: ClientRequest,
    permits: Permission,
  ): Promise<ClientPreview> {
    const current = await this.lookup.findStored(service.apiKey, identifier);
    checkPut(identifier, current, request.dto, permits);
    const next =
      current === undefined
        ? await this.administration.newClient(service, request, identifier)
        : await this.administration.nextClient(service, identifier, current, request);
    await this.administration.checkAlias(next);
    return previewOf(service, current, next);
  }

  /** Replaces the client with an identifier, which must exist. It keeps omitted properties that Authlete's SDK does not know. */
  async update(
    service: Service,
    identifier: string,
    body: JsonObject,
    conditions: ChangeConditions,
  ): Promise<ChangedClient> {
    return this.revise(service, identifier, conditions, (shown) => ({ body: withUnknownProperties(body, shown) }));
  }

  /** Applies a JSON Merge Patch to a client. Every attempt patches its latest version, so concurrent patches all take effect. */
  async patch(
    service: Service,
    identifier: string,
    patch: JsonObject,
    conditions: ChangeConditions,
  ): Promise<ChangedClient> {
    return this.revise(service, identifier, conditions, (shown) => ({
      body: patchedClient(shown, patch),
      // The patch removes an alias that its result does not have.
      omittedAlias: '',
    }));
  }

  /** Replaces a client by what `revised` makes of it as it is shown, in every attempt again. */
  private async revise(
    service: Service,
    identifier: string,
    { by, precondition }: ChangeConditions,
    revised: (shown: JsonObject) => RevisedClient,
  ): Promise<ChangedClient> {
    const read: ClientRequest['read'] = new Map();
    const attempt = async (): Promise<ChangedClient | undefined> => {
      const current = await this.lookup.existing(service.apiKey, identifier);
      checkPrecondition(precondition, current, service);
      const { body, omittedAlias } = revised(shownClient(service, current));
      if (body === undefined) return { client: current, newSecret: false };
      const dto = readEnvelope(ClientAdministrationDto, body);
      checkAddress(identifier, current, dto.clientIdAlias ?? omittedAlias);
      return this.administration.replace(service, identifier, current, { body, dto, read }, by);
    };
    return this.queues.change(await this.lookup.subjectOf(service.apiKey, identifier), { by, attempt });
  }
}
