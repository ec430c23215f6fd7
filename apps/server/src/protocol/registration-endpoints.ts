import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseId } from '@clientele/model';
import type { Plane } from '@clientele/model/decision';
import type { ClientInformation } from '@clientele/model/metadata';
import type { ChangedBy } from '../changes/change.ts';
import { NO_CLIENT } from '../clients/client.ts';
import { entityTag, ifMatch } from '../clients/entity-tag.ts';
import { StoreUnavailableError } from '../database/database.ts';
import { EXAMPLE } from '../http/examples.ts';
import { JsonText } from '../http/json-text.ts';
import type { RouteDescription } from '../http/routes.ts';
import type { ClientRegistration } from '../registration/client-registration.ts';
import type { IdempotencyRecord } from '../registration/idempotency-record.ts';
import { clientInformation, issuedMembers, type PresentedClient } from '../registration/registration-responses.ts';
import type { Service } from '../services/service.ts';
import { expectJson, textOf } from './request-body.ts';
import type { IdempotentRegistrations } from './idempotent-registrations.ts';
import { ProtocolError } from './protocol-error.ts';
import { presentedToken, type ServiceOfRequest } from './protocol-request.ts';

const CONFIGURATION = { tag: 'Protocol plane', security: 'registrationAccessToken' } as const;

/** The client application itself, as the log names it. */
const CLIENT = 'client';

const DESCRIPTIONS = {
  register: {
    id: 'register',
    tag: 'Protocol plane',
    summary: 'Register (RFC 7591 section 3)',
    security: 'initialAccessToken',
    body: { schema: 'ClientMetadata', example: EXAMPLE.metadata },
    response: { status: 201, schema: 'ClientInformation' },
    errors: [401, 403, 409, 413, 415, 422],
    counted: 'register',
  },
  get: {
    ...CONFIGURATION,
    id: 'readRegistration',
    summary: 'Read the own registration (RFC 7592 section 2.1)',
    response: { schema: 'ClientInformation' },
    errors: [401],
    counted: 'get',
  },
  update: {
    ...CONFIGURATION,
    id: 'replaceRegistration',
    summary: 'Replace the own metadata (RFC 7592 section 2.2)',
    body: { schema: 'ClientUpdate', example: EXAMPLE.replacement },
    response: { schema: 'ClientInformation' },
    errors: [401, 412, 413, 415],
    counted: 'update',
  },
  delete: {
    ...CONFIGURATION,
    id: 'deleteRegistration',
    summary: 'Delete the own registration (RFC 7592 section 2.3)',
    response: { status: 204 },
    errors: [401, 412],
    counted: 'delete',
  },
} as const satisfies Readonly<Record<string, RouteDescription>>;

/** The client registration endpoint (RFC 7591) and the client configuration endpoints (RFC 7592). */
export class RegistrationEndpoints {
  constructor(
    private readonly registration: ClientRegistration,
    private readonly services: ServiceOfRequest,
    private readonly idempotent: IdempotentRegistrations,
  ) {}

  addTo(fastify: FastifyInstance): void {
    const { register, get, update, delete: remove } = DESCRIPTIONS;
    const expectsJson = (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
      expectJson(request);
      done();
    };
    fastify.post(
      '/:serviceId/register',
      { config: { description: register }, onRequest: [this.expectOpen, expectsJson] },
      this.register,
    );
    const configuration = '/:serviceId/register/:clientId';
    fastify.get(configuration, { config: { description: get } }, this.get);
    fastify.put(configuration, { config: { description: update }, onRequest: expectsJson }, this.update);
    fastify.delete(configuration, { config: { description: remove } }, this.delete);
  }

  /** Refuses a registration before its body is read if nobody may register. */
  private readonly expectOpen = async (request: FastifyRequest): Promise<void> => {
    const { protocolRegistration } = await this.services.get(request);
    if (protocolRegistration === 'OFF') throw ProtocolError.of('registrationUnsupported', 403, 'access_denied');
  };

  /** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3 */
  private readonly register = async (request: FastifyRequest, reply: FastifyReply): Promise<JsonText> => {
    const service = await this.services.get(request);
    const body = { json: textOf(request.body), token: presentedToken(request) };
    const idempotency = await this.findOrPrepare(service, request, body);
    if (idempotency && 'response' in idempotency) {
      request.isReplay = true;
      const { registration_client_uri: location } = JSON.parse(idempotency.response) as ClientInformation;
      void reply.status(201).headers({ etag: idempotency.entityTag, location });
      return new JsonText(idempotency.response);
    }
    const registered = await this.registerOnce(service, request, body, idempotency?.record);
    void reply.status(201).header('location', issuedMembers(registered).registration_client_uri);
    return respond(reply, registered);
  };

  private async registerOnce(
    service: Service,
    request: FastifyRequest,
    body: { json: string; token: string },
    record: IdempotencyRecord | undefined,
  ): Promise<PresentedClient> {
    try {
      return await this.registration.register(service, body, { ...optionsOf(request), idempotency: record });
    } catch (error) {
      // The same request may have come first, and used up the initial access token.
      if (!(error instanceof StoreUnavailableError)) await record?.check();
      throw error;
    }
  }

  /** The response to an earlier request with this `Idempotency-Key`, or the record of this one. */
  private findOrPrepare(service: Service, request: FastifyRequest, { json, token }: { json: string; token: string }) {
    const key = request.headers['idempotency-key'];
    return key === undefined
      ? undefined
      : this.idempotent.findOrPrepare(service, { key: String(key), token, body: json });
  }

  /** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.1 */
  private readonly get = async (request: FastifyRequest, reply: FastifyReply): Promise<JsonText> => {
    const service = await this.services.get(request);
    return respond(reply, await this.registration.get(service, clientOf(request)));
  };

  /** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2 */
  private readonly update = async (request: FastifyRequest, reply: FastifyReply): Promise<JsonText> => {
    const service = await this.services.get(request);
    const body = { ...clientOf(request), json: textOf(request.body) };
    const precondition = ifMatch(request.headers['if-match']);
    return respond(reply, await this.registration.update(service, body, { ...optionsOf(request), precondition }));
  };

  /** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.3 */
  private readonly delete = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const service = await this.services.get(request);
    const precondition = ifMatch(request.headers['if-match']);
    await this.registration.delete(service, clientOf(request), { ...optionsOf(request), precondition });
    request.actor = CLIENT;
    await reply.status(204).send();
  };
}

/** The plane of a request and the client application that sent it. */
function optionsOf({ id, callerAddress, raw }: FastifyRequest): { readonly plane: Plane; readonly by: ChangedBy } {
  const address = callerAddress === undefined ? {} : { address: callerAddress };
  const actor = { type: 'client', plane: 'protocol', ...address } as const;
  return { plane: 'protocol', by: { actor, requestId: id, hasGone: () => raw.socket.destroyed } };
}

/** The client information response, with the entity tag of the version. */
function respond(reply: FastifyReply, presented: PresentedClient): JsonText {
  const { client, service } = presented;
  void reply.header('etag', entityTag(client, service));
  reply.request.actor = CLIENT;
  return new JsonText(clientInformation(presented), undefined, undefined, client.clientId);
}

/** The client in the path, and the registration access token of the request. */
function clientOf(request: FastifyRequest): { clientId: number; token: string } {
  const { clientId } = request.params as { clientId: string };
  return { clientId: parseId(clientId) ?? NO_CLIENT, token: presentedToken(request) };
}
