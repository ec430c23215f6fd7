import { Injectable } from '@nestjs/common';
import { needsClientSecret, softwareIdTaken, type Plane } from '@clientele/model/decision';
import { inexpressible, toClient } from '@clientele/model/metadata';
import type {
  ApiServiceIdClientRegistration,
  ApiServiceIdClientRegistrationDelete,
  ApiServiceIdClientRegistrationGet,
  ApiServiceIdClientRegistrationUpdate,
} from '@clientele/model';
import { useStatement } from '../access/initial-access-token-store.ts';
import { InitialAccessTokens } from '../access/initial-access-tokens.ts';
import { ClientStore, type WriteConditions } from '../clients/client-store.ts';
import { hashOfSoftwareId } from '../clients/client-tables.ts';
import {
  FIRST_VERSION,
  type ClientHead,
  type ClientProperties,
  type FoundHead,
  type StoredClient,
} from '../clients/client.ts';
import { newClientSecret } from '../crypto/token.ts';
import { StoreUnavailableError } from '../database/database.ts';
import { timeOrderedId } from '../database/time-ordered-id.ts';
import { RegistrationError } from '../http/registration-error.ts';
import { PublicUrls } from '../services/public-urls.ts';
import type { Service } from '../services/service.ts';
import type { IdempotencyRecord } from './idempotency-record.ts';
import { ANY_VERSION, checkPrecondition, type Precondition } from './precondition.ts';
import { authenticate, issueRegistrationAccessToken, rotate } from './registration-access-token.ts';
import { RegistrationDecisions, type AcceptedRegistration, type PendingRequest } from './registration-decisions.ts';
import { issuedMembers, type PresentedClient } from './registration-responses.ts';

/** Attempts at a change while other requests change the same client. In each round one of them succeeds. */
const ATTEMPTS = 256;

interface ChangeOptions {
  /** The versions that the change may replace; all if omitted. */
  readonly precondition?: Precondition;
}

interface UpdateOptions extends ChangeOptions {
  readonly plane?: Plane;
}

interface RegisterOptions {
  readonly plane?: Plane;
  readonly idempotency?: IdempotencyRecord | undefined;
}

/**
 * The four operations on client registrations, for both planes. Each returns the client as the caller may see it, and throws
 * `RegistrationError` if the client application erred.
 */
@Injectable()
export class ClientRegistration {
  constructor(
    private readonly clients: ClientStore,
    private readonly urls: PublicUrls,
    private readonly decisions: RegistrationDecisions,
    private readonly initialAccessTokens: InitialAccessTokens,
  ) {}

  /** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3 */
  async register(
    caller: Service,
    { json, token: presented }: ApiServiceIdClientRegistration,
    { plane = 'api', idempotency }: RegisterOptions = {},
  ): Promise<PresentedClient> {
    if (!caller.dynamicRegistrationSupported) throw RegistrationError.of('invalid_request', 'registrationUnsupported');
    const initialAccessToken = await this.initialAccessTokens.authorize(caller, presented);
    const accepted = await this.decisions.decide(this.decisions.read(json, plane), caller);
    const { service } = accepted;
    const { token, hash } = issueRegistrationAccessToken();

    for (;;) {
      const now = Date.now();
      const client: StoredClient = {
        serviceId: service.apiKey,
        clientId: timeOrderedId(now),
        version: FIRST_VERSION,
        createdAt: now,
        modifiedAt: now,
        registrationAccessTokenHash: hash,
        clientSecret: needsClientSecret(accepted.decision.metadata) ? newClientSecret() : undefined,
        properties: propertiesOf(accepted, initialAccessToken?.id),
      };
      const registered = this.present(service, client, token);
      const conditions = {
        softwareIdUnique: service.dcrDuplicateSoftwareIdBlocked,
        alongside: [
          ...(initialAccessToken ? [useStatement(initialAccessToken, now)] : []),
          ...(idempotency ? [idempotency.statement(registered)] : []),
        ],
      };
      if (await this.clients.insert(client, conditions)) return registered;
      await idempotency?.check();
      await this.initialAccessTokens.authorize(caller, presented);
      await this.checkSoftwareId(client, conditions);
    }
  }

  /** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.1 */
  async get(service: Service, { clientId, token }: ApiServiceIdClientRegistrationGet): Promise<PresentedClient> {
    const client = authenticate(await this.clients.find(service.apiKey, clientId), token);
    return this.present(service, client, token);
  }

  /**
   * Replaces all metadata of the client. RFC 7592 section 2.2: the new values MUST NOT augment the old ones, and an omitted member is
   * deleted or gets its default.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2
   */
  async update(
    caller: Service,
    { clientId, token, json }: ApiServiceIdClientRegistrationUpdate,
    { plane = 'api', precondition = ANY_VERSION }: UpdateOptions = {},
  ): Promise<PresentedClient> {
    let pending: PendingRequest | undefined;
    let service = caller;
    let rotation: ReturnType<typeof issueRegistrationAccessToken> | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const client = authenticate(await this.clients.findHead(caller.apiKey, clientId), token);
      checkPrecondition(precondition, client.version);
      pending ??= this.decisions.read(json, plane);
      const issued = issuedMembers(this.present(service, client, token));
      const accepted = await this.decisions.decide(pending, service, { head: client, issued });
      ({ service } = accepted);
      if (service.registrationAccessTokenRotated) rotation ??= issueRegistrationAccessToken();
      const next = {
        ...withMetadata(client, accepted),
        ...(rotation && rotate(client, token, rotation.hash, service.registrationAccessTokenGracePeriod)),
      };
      const conditions = {
        softwareIdUnique:
          service.dcrDuplicateSoftwareIdBlocked &&
          hashOfSoftwareId(next.properties.softwareId) !== client.softwareIdHash,
        replaced: client,
      };
      if (await this.clients.replace(next, conditions)) return this.present(service, next, rotation?.token ?? token);
      await this.checkSoftwareId(next, conditions);
    }
    throw tooManyChanges();
  }

  /** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.3 */
  async delete(
    service: Service,
    { clientId, token }: ApiServiceIdClientRegistrationDelete,
    { precondition = ANY_VERSION }: ChangeOptions = {},
  ): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const client = authenticate(await this.clients.findHead(service.apiKey, clientId), token);
      checkPrecondition(precondition, client.version);
      if (await this.clients.delete(client)) return;
    }
    throw tooManyChanges();
  }

  /** Throws `RegistrationError` if a client could not be stored because another client has its `software_id`. */
  private async checkSoftwareId(client: StoredClient, { softwareIdUnique }: WriteConditions): Promise<void> {
    const { serviceId, clientId, properties } = client;
    const { softwareId } = properties;
    if (softwareIdUnique !== true || softwareId === undefined) return;
    if (await this.clients.isSoftwareIdTaken({ serviceId, clientId, softwareId })) {
      throw RegistrationError.ofFinding(softwareIdTaken());
    }
  }

  private present<Client extends ClientHead>(service: Service, client: Client, token: string): PresentedClient<Client> {
    return { service, client, token, configurationEndpoint: this.urls.clientConfigurationEndpoint(service) };
  }
}

function tooManyChanges(): StoreUnavailableError {
  return new StoreUnavailableError('Too many other requests changed the client at the same time.');
}

/** The next version of a client. Its metadata is replaced; its secret stays, or is issued or removed as the metadata requires. */
function withMetadata(client: FoundHead, accepted: AcceptedRegistration): StoredClient {
  const { serviceId, clientId, createdAt, registrationAccessTokenHash, previousToken } = client;
  return {
    serviceId,
    clientId,
    createdAt,
    registrationAccessTokenHash,
    previousToken,
    version: client.version + 1,
    modifiedAt: Math.max(Date.now(), client.modifiedAt + 1),
    clientSecret: needsClientSecret(accepted.decision.metadata)
      ? (client.clientSecret ?? newClientSecret())
      : undefined,
    properties: propertiesOf(accepted, client.initialAccessTokenId),
  };
}

/** The document of a client. */
function propertiesOf(
  {
    service,
    decision: {
      metadata,
      custom: { text: custom },
    },
    softwareStatement,
  }: AcceptedRegistration,
  initialAccessTokenId: number | undefined,
): ClientProperties {
  const properties: Mutable<ClientProperties> = Object.assign(toClient(metadata), { dynamicallyRegistered: true });
  // Authlete: a registered scope limits what the client may request only if the service says so. It is always returned.
  if (properties.extension) properties.extension.requestableScopesEnabled = service.dcrScopeUsedAsRequestable;
  if (initialAccessTokenId !== undefined) properties.initialAccessTokenId = initialAccessTokenId;
  if (softwareStatement !== undefined) properties.softwareStatement = softwareStatement;
  if (custom !== '{}') properties.customMetadata = custom;
  const unexpressed = inexpressible(metadata);
  if (unexpressed !== undefined) properties.unexpressed = unexpressed;
  return properties;
}

type Mutable<T> = { -readonly [P in keyof T]: T[P] };
