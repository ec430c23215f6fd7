import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseId } from '@clientele/model';
import { resultMessage, type ClientInformation } from '@clientele/model/metadata';
import type { ClientRegistration } from '../registration/client-registration.ts';
import type { Companion } from '../registration/companion.ts';
import { JsonText } from '../http/json-text.ts';
import { clientInformation, issuedMembers, type PresentedClient } from '../registration/registration-responses.ts';
import type { Service } from '../service/service.ts';
import { expectJson, textOf } from './content.ts';
import { entityTag, ifMatch } from './entity-tag.ts';
import type { IdempotentRegistrations } from './idempotent-registrations.ts';
import { ProtocolError } from './protocol-error.ts';
import { presentedToken, type ServiceOfRequest } from './protocol-request.ts';

/** A path segment that is no client ID is that of a client which does not exist. */
const NO_CLIENT = 0;

/** The version of a client that has just been registered. */
const FIRST_VERSION = 1;

/** The client registration endpoint (RFC 7591) and the client configuration endpoints (RFC 7592). */
export class RegistrationEndpoints {
  constructor(
    private readonly registration: ClientRegistration,
    private readonly services: ServiceOfRequest,
    private readonly idempotent: IdempotentRegistrations,
  ) {}

  addTo(fastify: FastifyInstance): void {
    fastify.post('/:serviceId/register', { onRequest: [this.expectRegistrable, hook(expectJson)] }, this.register);
    fastify.get('/:serviceId/register/:clientId', this.read);
    fastify.put('/:serviceId/register/:clientId', { onRequest: hook(expectJson) }, this.update);
    fastify.delete('/:serviceId/register/:clientId', this.delete);
  }

  /** Closed to everybody, so nobody's body is read. */
  private readonly expectRegistrable = async (request: FastifyRequest): Promise<void> => {
    const { dynamicRegistrationSupported } = await this.services.get(request);
    if (!dynamicRegistrationSupported)
      throw new ProtocolError(403, 'access_denied', resultMessage('registrationUnsupported'));
  };

  /** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3 */
  private readonly register = async (request: FastifyRequest, reply: FastifyReply): Promise<JsonText> => {
    const service = await this.services.get(request);
    const body = { json: textOf(request.body), token: presentedToken(request) };
    const begun = await this.begin(service, request, body);
    const headers = { etag: entityTag(FIRST_VERSION) };
    if (begun && 'answer' in begun) {
      const { registration_client_uri: location } = JSON.parse(begun.answer) as ClientInformation;
      void reply.status(201).headers({ ...headers, location });
      return new JsonText(begun.answer);
    }
    const registered = await this.registerOnce(service, body, begun?.companion);
    void reply.status(201).headers({ ...headers, location: issuedMembers(registered).registration_client_uri });
    return new JsonText(clientInformation(registered));
  };

  private async registerOnce(
    service: Service,
    body: { json: string; token: string },
    companion: Companion | undefined,
  ): Promise<PresentedClient> {
    try {
      return await this.registration.register(service, body, { plane: 'protocol', companion });
    } catch (error) {
      // The same request may have come first, and used up the initial access token.
      await companion?.check();
      throw error;
    }
  }

  /** The response to an earlier request with this `Idempotency-Key`, or the companion that stores it. */
  private begin(service: Service, request: FastifyRequest, { json, token }: { json: string; token: string }) {
    const key = request.headers['idempotency-key'];
    return key === undefined ? undefined : this.idempotent.begin(service, { key: String(key), token, body: json });
  }

  /** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.1 */
  private readonly read = async (request: FastifyRequest, reply: FastifyReply): Promise<JsonText> => {
    const service = await this.services.get(request);
    return answer(reply, await this.registration.get(service, clientOf(request)));
  };

  /** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2 */
  private readonly update = async (request: FastifyRequest, reply: FastifyReply): Promise<JsonText> => {
    const service = await this.services.get(request);
    const body = { ...clientOf(request), json: textOf(request.body) };
    const precondition = ifMatch(request.headers['if-match']);
    return answer(reply, await this.registration.update(service, body, { plane: 'protocol', precondition }));
  };

  /** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.3 */
  private readonly delete = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const service = await this.services.get(request);
    await this.registration.delete(service, clientOf(request), { precondition: ifMatch(request.headers['if-match']) });
    await reply.status(204).send();
  };
}

/** The client information response, with the entity tag of its version. */
function answer(reply: FastifyReply, presented: PresentedClient): JsonText {
  void reply.header('etag', entityTag(presented.client.version));
  return new JsonText(clientInformation(presented));
}

/** The client that the path names, and the registration access token presented for it. */
function clientOf(request: FastifyRequest): { clientId: number; token: string } {
  const { clientId } = request.params as { clientId: string };
  return { clientId: parseId(clientId) ?? NO_CLIENT, token: presentedToken(request) };
}

function hook(check: (request: FastifyRequest) => void) {
  return (request: FastifyRequest): Promise<void> => {
    check(request);
    return Promise.resolve();
  };
}
