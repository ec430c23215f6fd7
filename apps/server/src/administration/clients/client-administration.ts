import { Injectable } from '@nestjs/common';
import { quote } from '@clientele/model/metadata';
import type { Permission } from '../../access/service.guard.ts';
import type { ChangedBy } from '../../changes/change.ts';
import { attemptChange } from '../../clients/attempt-change.ts';
import { ChangeQueues } from '../../clients/change-queues.ts';
import { ClientLookup } from '../../clients/client-lookup.ts';
import { ClientStore } from '../../clients/client-store.ts';
import {
  FIRST_VERSION,
  nextVersion,
  type Administration,
  type FoundClient,
  type Identifiers,
  type StoredClient,
} from '../../clients/client.ts';
import { checkPrecondition, PreconditionFailedError, type Precondition } from '../../clients/precondition.ts';
import { SecretHashes } from '../../crypto/secret-hash/secret-hashes.ts';
import { timeOrderedId } from '../../database/time-ordered-id.ts';
import { ApiError } from '../../http/api-error.ts';
import { documentOf } from '../../registration/registered-client.ts';
import { RegistrationDecisions, type AcceptedRegistration } from '../../registration/registration-decisions.ts';
import { NO_UPDATES } from '../../registration/registration-quotas.ts';
import type { Service } from '../../services/service.ts';
import { checkIdentifier, checkPut } from './client-identifier.ts';
import type { ClientRequest } from './client-request.ts';
import { expectStorable, requestedClient, type RequestedClient } from './requested-client.ts';
import { secretsOf } from './requested-secret.ts';

export interface ChangeConditions {
  readonly by: ChangedBy;
  /** The versions that may be changed. */
  readonly precondition: Precondition;
}

interface PutConditions extends ChangeConditions {
  readonly permits: Permission;
  /** Whether the client must exist (`If-Match`), or must not (`If-None-Match: *`). */
  readonly expected?: 'existing' | 'new' | undefined;
}

/** A client after a change, and whether it has a secret that it did not have before. */
export interface ChangedClient {
  readonly client: StoredClient;
  readonly newSecret: boolean;
}

/** Creates, puts, locks, limits and deletes clients for administrators. Throws `ApiError`, or `RegistrationError` for refused metadata. */
@Injectable()
export class ClientAdministration {
  constructor(
    private readonly clients: ClientStore,
    private readonly lookup: ClientLookup,
    private readonly queues: ChangeQueues,
    private readonly decisions: RegistrationDecisions,
    private readonly hashes: SecretHashes,
  ) {}

  /** Creates a client whose `client_id` is its number. */
  create(service: Service, request: ClientRequest, by: ChangedBy): Promise<ChangedClient> {
    return attemptChange(() => this.insert(service, request, by));
  }

  /** Replaces the client with an identifier, or creates it with this identifier as its `client_id`. */
  async put(
    service: Service,
    identifier: string,
    request: ClientRequest,
    { by, precondition, permits, expected }: PutConditions,
  ): Promise<ChangedClient> {
    const attempt = async (): Promise<ChangedClient | undefined> => {
      const current = await this.lookup.findStored(service.apiKey, identifier);
      if (current === undefined && expected === 'existing')
        throw new PreconditionFailedError('There is no such client, as If-Match demands.');
      if (current !== undefined && expected === 'new')
        throw new PreconditionFailedError('The client exists already; If-None-Match demands a new one.');
      if (current !== undefined) checkPrecondition(precondition, current, service);
      checkPut(identifier, current, request.dto, permits);
      return current === undefined
        ? this.insert(service, request, by, identifier)
        : this.replace(service, identifier, current, request, by);
    };
    return this.queues.change(await this.lookup.subjectOf(service.apiKey, identifier), { by, attempt });
  }

  /** Locks or unlocks a client. A locked client cannot be resolved, and cannot manage its registration. */
  async setLocked(service: Service, identifier: string, locked: boolean, by: ChangedBy): Promise<void> {
    await this.administer(service, identifier, by, ({ locked: before = false, ...others }) => {
      if (before === locked) throw new ApiError(400, locked ? 'clientLockedAlready' : 'clientUnlockedAlready');
      return { ...(locked && { locked }), ...others };
    });
  }

  /** Sets the scopes that a client may request; `undefined` removes the limit. */
  setRequestableScopes(
    service: Service,
    identifier: string,
    scopes: readonly string[] | undefined,
    by: ChangedBy,
  ): Promise<StoredClient> {
    return this.administer(service, identifier, by, ({ requestableScopes: _before, ...others }) => {
      if (scopes === undefined) return others;
      const limited = { ...others, requestableScopes: scopes };
      expectStorable(limited);
      return limited;
    });
  }

  async delete(service: Service, identifier: string, { by, precondition }: ChangeConditions): Promise<void> {
    const attempt = async (): Promise<true | undefined> => {
      const current = await this.lookup.existing(service.apiKey, identifier);
      checkPrecondition(precondition, current, service);
      return (await this.clients.delete(current, by)) || undefined;
    };
    await this.queues.change(await this.lookup.subjectOf(service.apiKey, identifier), { by, attempt });
  }

  /** Changes only the administration part of a client, so the supported values of the service do not matter. */
  private async administer(
    { apiKey }: Service,
    identifier: string,
    by: ChangedBy,
    change: (current: Administration) => Administration,
  ): Promise<StoredClient> {
    const attempt = async (): Promise<StoredClient | undefined> => {
      const current = await this.lookup.existing(apiKey, identifier);
      const next = { ...nextVersion(current), administration: change(current.administration) };
      return (await this.clients.replace(current, next, by)) === 'outdated' ? undefined : next;
    };
    return this.queues.change(await this.lookup.subjectOf(apiKey, identifier), { by, attempt });
  }

  /** Inserts a client; returns `undefined` if another client has its number or its canonical identifier. */
  private async insert(
    service: Service,
    request: ClientRequest,
    by: ChangedBy,
    canonical?: string,
  ): Promise<ChangedClient | undefined> {
    const client = await this.newClient(service, request, canonical);
    if (await this.clients.insert(client, by)) return { client, newSecret: client.credentials.secrets.length > 0 };
    await this.checkAlias(client);
    return undefined;
  }

  /** A client as `create` or `put` would store it, without storing it. `canonical` is its `client_id` if a request gives one. */
  async newClient(service: Service, request: ClientRequest, canonical?: string): Promise<StoredClient> {
    const requested = requestedClient(request.body, request.dto, { service, current: undefined });
    this.checkIdentifiers(canonical, requested.alias);
    const accepted = await this.decide(service, request, requested);
    const now = Date.now();
    const secrets = await secretsOf(accepted, requested, { current: undefined, now, hashes: this.hashes });
    return {
      serviceId: service.apiKey,
      clientId: timeOrderedId(now),
      identifiers: identifiersOf(canonical, requested.alias),
      version: FIRST_VERSION,
      createdAt: now,
      modifiedAt: now,
      administration: requested.administration,
      credentials: { secrets },
      provenance: { source: 'static', registration: {}, lastUsedAt: 0, updates: NO_UPDATES },
      document: documentOf(accepted),
    };
  }

  /** Replaces the metadata and the administration part of a client; returns `undefined` if another request changed it meanwhile. */
  async replace(
    service: Service,
    identifier: string,
    current: FoundClient,
    request: ClientRequest,
    by: ChangedBy,
  ): Promise<ChangedClient | undefined> {
    const next = await this.nextClient(service, identifier, current, request);
    const { secrets } = next.credentials;
    switch (await this.clients.replace(current, next, by)) {
      case 'replaced':
        return { client: next, newSecret: secrets !== current.credentials.secrets && secrets.length > 0 };
      case 'unchanged':
        return { client: current, newSecret: false };
      case 'outdated':
      case 'softwareIdTaken':
        await this.checkAlias(next);
        return undefined;
    }
  }

  /** The next version of a client as `put` would store it, without storing it. */
  async nextClient(
    service: Service,
    identifier: string,
    current: FoundClient,
    request: ClientRequest,
  ): Promise<StoredClient> {
    const requested = requestedClient(request.body, request.dto, { service, current });
    // A client that is put under its alias keeps it, so that the same call finds it again.
    const alias = requested.alias ?? (identifier === current.identifiers.alias ? identifier : undefined);
    if (alias !== current.identifiers.alias) this.checkIdentifiers(alias);
    const accepted = await this.decide(service, request, requested, current);
    const { secrets: before, registrationAccessToken } = current.credentials;
    const secrets = await secretsOf(accepted, requested, { current, now: Date.now(), hashes: this.hashes });
    return {
      ...nextVersion(current),
      identifiers: identifiersOf(current.identifiers.canonical, alias),
      // An administrator decided on it, so it is not deleted as an unused registration.
      provenance: { ...current.provenance, unusedSince: undefined },
      administration: requested.administration,
      credentials: secrets === before ? current.credentials : { secrets, registrationAccessToken },
      document: documentOf({ ...accepted, softwareStatement: current.document.softwareStatement }),
    };
  }

  private decide(
    service: Service,
    { read }: ClientRequest,
    { json }: RequestedClient,
    current?: StoredClient,
  ): Promise<AcceptedRegistration> {
    const pending = read.get(json) ?? this.decisions.read(json, 'api', { byAdministrator: true });
    read.set(json, pending);
    return this.decisions.decide({ ...pending, replaced: current?.document.metadata }, service);
  }

  /** Throws `ApiError` if a client must not get one of the identifiers. */
  private checkIdentifiers(...identifiers: readonly (string | undefined)[]): void {
    for (const identifier of identifiers) if (identifier !== undefined) checkIdentifier(identifier);
  }

  /** Throws `ApiError` if another client has the alias of a client. */
  async checkAlias({ serviceId, clientId, identifiers: { alias } }: StoredClient): Promise<void> {
    const owner = alias === undefined ? undefined : await this.clients.findIdentifier(serviceId, alias);
    if (owner !== undefined && owner !== clientId) throw new ApiError(400, 'aliasInUse', { alias: quote(alias ?? '') });
  }
}

function identifiersOf(canonical: string | undefined, alias: string | undefined): Identifiers {
  return { ...(canonical !== undefined && { canonical }), ...(alias !== undefined && { alias }) };
}
