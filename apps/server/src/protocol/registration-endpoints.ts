import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseClientId } from '@clientele/model';
import { resultMessage, type ClientInformation } from '@clientele/model/metadata';
import type { ClientRegistration } from '../registration/client-registration.ts';
import { clientInformation, type PresentedClient } from '../registration/registration-responses.ts';
import { expectJson, textOf } from './content.ts';
import { entityTag, ifMatch } from './entity-tag.ts';
import { ProtocolError } from './protocol-error.ts';
import { presentedToken, type ServiceOfRequest } from './protocol-request.ts';

/** A path segment that is no client ID is that of a client which does not exist. */
const NO_CLIENT = 0;

/** The client registration endpoint (RFC 7591) and the client configuration endpoints (RFC 7592). */
export class RegistrationEndpoints {
  constructor(
    private readonly registration: ClientRegistration,
    private readonly services: ServiceOfRequest,
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
    if (!dynamicRegistrationSupported) throw new ProtocolError(403, 'access_denied', resultMessage('A206201'));
  };

  /** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3 */
  private readonly register = async (request: FastifyRequest, reply: FastifyReply): Promise<ClientInformation> => {
    const service = await this.services.get(request);
    const body = { json: textOf(request.body), token: presentedToken(request) };
    const information = answer(reply, await this.registration.register(service, body));
    void reply.status(201).header('location', information.registration_client_uri);
    return information;
  };

  /** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.1 */
  private readonly read = async (request: FastifyRequest, reply: FastifyReply): Promise<ClientInformation> => {
    const service = await this.services.get(request);
    return answer(reply, await this.registration.get(service, clientOf(request)));
  };

  /** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2 */
  private readonly update = async (request: FastifyRequest, reply: FastifyReply): Promise<ClientInformation> => {
    const service = await this.services.get(request);
    const body = { ...clientOf(request), json: textOf(request.body) };
    return answer(reply, await this.registration.update(service, body, ifMatch(request.headers['if-match'])));
  };

  /** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.3 */
  private readonly delete = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const service = await this.services.get(request);
    await this.registration.delete(service, clientOf(request), ifMatch(request.headers['if-match']));
    await reply.status(204).send();
  };
}

/** The client information response, with the entity tag of its version. */
function answer(reply: FastifyReply, presented: PresentedClient): ClientInformation {
  void reply.header('etag', entityTag(presented.client.version));
  return clientInformation(presented);
}

/** The client that the path names, and the registration access token presented for it. */
function clientOf(request: FastifyRequest): { clientId: number; token: string } {
  const { clientId } = request.params as { clientId: string };
  return { clientId: parseClientId(clientId) ?? NO_CLIENT, token: presentedToken(request) };
}

function hook(check: (request: FastifyRequest) => void) {
  return (request: FastifyRequest): Promise<void> => {
    check(request);
    return Promise.resolve();
  };
}
