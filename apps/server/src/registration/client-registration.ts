import { Injectable } from '@nestjs/common';
import { softwareIdTaken, type Plane } from '@clientele/model/decision';
import type {
  ApiServiceIdClientRegistration,
  ApiServiceIdClientRegistrationDelete,
  ApiServiceIdClientRegistrationGet,
  ApiServiceIdClientRegistrationUpdate,
} from '@clientele/model';
import type { ChangedBy } from '../changes/change.ts';
import { useStatement } from '../access/initial-access-token-store.ts';
import { InitialAccessTokens } from '../access/initial-access-tokens.ts';
import { ChangeQueues } from '../clients/change-queues.ts';
import { ClientUse } from '../clients/client-use.ts';
import { ClientStore, type WriteConditions } from '../clients/client-store.ts';
import type { ClientHead, RegistrationAccessToken, StoredClient } from '../clients/client.ts';
import { ANY_VERSION, checkPrecondition, type Precondition } from '../clients/precondition.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { RegistrationError } from '../http/registration-error.ts';
import { PublicUrls } from '../services/public-urls.ts';
import { registrationOn, type Service } from '../services/service.ts';
import type { IdempotencyRecord } from './idempotency-record.ts';
import { authenticate, issueRegistrationAccessToken, rotate } from './registration-access-token.ts';
import { newClient, updatedClient } from './registered-client.ts';
import { RegistrationDecisions, type PendingRequest } from './registration-decisions.ts';
import { RegistrationQuotas } from './registration-quotas.ts';
import { issuedMembers, type PresentedClient } from './registration-responses.ts';

interface ChangeOptions {
  readonly by: ChangedBy;
  readonly plane?: Plane;
  /** The versions that the change may replace; all if omitted. */
  readonly precondition?: Precondition;
}

interface RegisterOptions {
  readonly by: ChangedBy;
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
    private readonly queues: ChangeQueues,
    private readonly urls: PublicUrls,
    private readonly decisions: RegistrationDecisions,
    private readonly initialAccessTokens: InitialAccessTokens,
    private readonly quotas: RegistrationQuotas,
    private readonly use: ClientUse,
    private readonly encryption: SecretEncryption,
  ) {}

  /** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3 */
  async register(
    caller: Service,
    { json, token: presented }: ApiServiceIdClientRegistration,
    { by, plane = 'api', idempotency }: RegisterOptions,
  ): Promise<PresentedClient> {
    const registration = registrationOn(plane, caller);
    if (registration === 'OFF') throw RegistrationError.of('invalid_request', 'registrationUnsupported');
    const authorize = () => this.initialAccessTokens.authorize(caller, registration, presented);
    const initialAccessToken = await authorize();
    const accepted = await this.decisions.decide(this.decisions.read(json, plane), caller);
    const { service } = accepted;
    const { token, hash } = issueRegistrationAccessToken();

    for (;;) {
      const now = Date.now();
      const client = newClient(accepted, { now, plane, tokenHash: hash, initialAccessTokenId: initialAccessToken?.id });
      const registered = this.present(service, client, token);
      const isOpen = plane === 'protocol' && initialAccessToken === undefined;
      const conditions = {
        softwareIdUnique: service.dcrDuplicateSoftwareIdBlocked,
        alongside: [
          ...(initialAccessToken ? [useStatement(initialAccessToken, now)] : []),
          ...(isOpen ? this.quotas.statements('registration', service, now) : []),
          ...(idempotency ? [idempotency.statement(registered)] : []),
        ],
      };
      if (await this.clients.insert(client, by, conditions)) return registered;
      await idempotency?.check();
      await authorize();
      if (isOpen) await this.quotas.check('registration', service, now);
      await this.checkSoftwareId(client, conditions);
    }
  }

  /** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.1 */
  async get(service: Service, { clientId, token }: ApiServiceIdClientRegistrationGet): Promise<PresentedClient> {
    const client = authenticate(await this.clients.findByToken(service.apiKey, clientId, token), token);
    await this.use.note(client);
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
    { by, plane = 'api', precondition = ANY_VERSION }: ChangeOptions,
  ): Promise<PresentedClient> {
    let pending: PendingRequest | undefined;
    let service = caller;
    const found = async () => authenticate(await this.clients.findHead(caller.apiKey, clientId), token);
    const attempt = async (): Promise<PresentedClient | undefined> => {
      const client = await found();
      checkPrecondition(precondition, client, caller);
      const isOpen = plane === 'protocol' && client.provenance.registration.initialAccessTokenId === undefined;
      const now = Date.now();
      this.quotas.checkUpdates(client.provenance, now);
      pending ??= this.decisions.read(json, plane);
      const issued = issuedMembers(this.present(service, client, token));
      const accepted = await this.decisions.decide(pending, service, { head: client, issued });
      ({ service } = accepted);
      const updated = updatedClient(client, accepted, now);
      const rotated = this.rotate(client, token, service);
      const next = rotated === undefined ? updated : withToken(updated, rotated.stored);
      const nextToken = rotated?.token ?? token;
      const outcome = await this.clients.replace(client, next, by, {
        softwareIdUnique: service.dcrDuplicateSoftwareIdBlocked,
        alongside: isOpen ? this.quotas.statements('update', service, now) : [],
      });
      if (outcome === 'replaced') return this.present(service, next, nextToken);
      if (outcome === 'unchanged') {
        await this.use.note(client, now);
        return this.present(service, { ...client, document: next.document }, nextToken);
      }
      if (outcome === 'softwareIdTaken') throw RegistrationError.ofFinding(softwareIdTaken());
      if (isOpen) await this.quotas.check('update', service, now);
      return undefined;
    };
    return this.queues.change(subjectOf(caller, clientId), { by, authorize: found, attempt });
  }

  /** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.3 */
  async delete(
    service: Service,
    { clientId, token }: ApiServiceIdClientRegistrationDelete,
    { by, precondition = ANY_VERSION }: ChangeOptions,
  ): Promise<void> {
    const found = async () => authenticate(await this.clients.findByToken(service.apiKey, clientId, token), token);
    const attempt = async (): Promise<true | undefined> => {
      const client = await found();
      checkPrecondition(precondition, client, service);
      return (await this.clients.delete(client, by)) || undefined;
    };
    await this.queues.change(subjectOf(service, clientId), { by, authorize: found, attempt });
  }

  /** Throws `RegistrationError` if a new client could not be stored because another client has its `software_id`. */
  private async checkSoftwareId(client: StoredClient, { softwareIdUnique }: WriteConditions): Promise<void> {
    const { serviceId, clientId, document } = client;
    const { software_id: softwareId } = document.metadata;
    if (softwareIdUnique !== true || softwareId === undefined) return;
    if (await this.clients.isSoftwareIdTaken({ serviceId, clientId, softwareId })) {
      throw RegistrationError.ofFinding(softwareIdTaken());
    }
  }

  private rotate(client: ClientHead, token: string, service: Service): ReturnType<typeof rotate> | undefined {
    const { registrationAccessTokenRotated, registrationAccessTokenGracePeriod } = service;
    if (!registrationAccessTokenRotated) return undefined;
    return rotate(client, token, this.encryption, registrationAccessTokenGracePeriod);
  }

  private present<Client extends ClientHead>(service: Service, client: Client, token: string): PresentedClient<Client> {
    return { service, client, token, configurationEndpoint: this.urls.clientConfigurationEndpoint(service) };
  }
}

/**
 * The subject of changes by the client application (`ChangeQueues`). Those by administrators have another queue, because this one may
 * wait for a document of the client application.
 */
function subjectOf({ apiKey }: Service, clientId: number): string {
  return `registration of ${apiKey}/${clientId}`;
}

/** The client with another registration access token. */
function withToken(client: StoredClient, registrationAccessToken: RegistrationAccessToken): StoredClient {
  const { credentials } = client;
  if (credentials.registrationAccessToken === registrationAccessToken) return client;
  return { ...client, credentials: { secrets: credentials.secrets, registrationAccessToken } };
}
