import { Injectable } from '@nestjs/common';
import { parseId, type ClientReplacementDto } from '@clientele/model';
import { needsClientSecret } from '@clientele/model/decision';
import { quote, type JsonObject } from '@clientele/model/metadata';
import type { Permission } from '../access/service.guard.ts';
import type { ChangedBy } from '../changes/change.ts';
import { ClientLookup } from '../clients/client-lookup.ts';
import { ClientStore, type Replaced } from '../clients/client-store.ts';
import {
  canonicalId,
  FIRST_VERSION,
  readableSecret,
  type ClientSecret,
  type FoundClient,
  type Identifiers,
  type StoredClient,
} from '../clients/client.ts';
import { checkPrecondition, PreconditionFailedError, type Precondition } from '../clients/precondition.ts';
import { equalSecrets } from '../crypto/token.ts';
import { StoreUnavailableError } from '../database/database.ts';
import { timeOrderedId } from '../database/time-ordered-id.ts';
import { ApiError, unacceptable } from '../http/api-error.ts';
import { Routes } from '../http/routes.ts';
import { documentOf, newSecretAfter, secretsFor } from '../registration/registered-client.ts';
import { RegistrationDecisions, type AcceptedRegistration } from '../registration/registration-decisions.ts';
import { NO_UPDATES } from '../registration/registration-quotas.ts';
import type { Service } from '../services/service.ts';
import { checkIdentifier, reservedIdentifiers } from './client-identifier.ts';
import { requestedClient, type RequestedClient } from './requested-client.ts';

/** Attempts at a change while other requests change the same client. In each round one of them succeeds. */
const ATTEMPTS = 256;

/** What an administrator sends: the body, and its properties that only administrators set. */
export interface ClientRequest {
  readonly body: JsonObject;
  readonly dto: ClientReplacementDto;
}

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

/** Creates, replaces, locks and deletes clients for administrators. Throws `ApiError`, or `RegistrationError` for refused metadata. */
@Injectable()
export class ClientAdministration {
  constructor(
    private readonly clients: ClientStore,
    private readonly lookup: ClientLookup,
    private readonly decisions: RegistrationDecisions,
    private readonly routes: Routes,
  ) {}

  /** Creates a client whose `client_id` is its number. */
  create(service: Service, request: ClientRequest, by: ChangedBy): Promise<ChangedClient> {
    return this.insert(service, request, by, {});
  }

  /** Replaces the client with an identifier, or creates it with this identifier as its `client_id`. */
  async put(
    service: Service,
    identifier: string,
    request: ClientRequest,
    { by, precondition, permits, expected }: PutConditions,
  ): Promise<ChangedClient> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const current = await this.lookup.findStored(service.apiKey, identifier);
      if (current === undefined ? expected === 'existing' : expected === 'new') throw new PreconditionFailedError();
      if (current !== undefined) {
        checkPrecondition(precondition, current, service);
        checkAddress(identifier, current, request.dto.clientIdAlias);
        const replaced = await this.replace(service, current, request, by);
        if (replaced !== undefined) return replaced;
        continue;
      }
      if (parseId(identifier) !== undefined) throw unknown(identifier);
      if (!permits('CREATE_CLIENT')) throw new ApiError(403, 'accessRightMissing', { right: 'CREATE_CLIENT' });
      const created = await this.insert(service, request, by, { canonical: identifier });
      if (created !== undefined) return created;
    }
    throw tooManyChanges();
  }

  /** Locks or unlocks a client. A locked client cannot be resolved, and cannot manage its registration. */
  async setLocked(service: Service, identifier: string, locked: boolean, by: ChangedBy): Promise<void> {
    await this.change(service, identifier, (current) => {
      const { locked: before = false, ...administration } = current.administration;
      if (before === locked) throw new ApiError(400, locked ? 'clientLockedAlready' : 'clientUnlockedAlready');
      const next = { ...nextVersion(current), administration: { ...(locked && { locked }), ...administration } };
      return this.clients.replace(current, next, by);
    });
  }

  async delete(service: Service, identifier: string, { by, precondition }: ChangeConditions): Promise<void> {
    await this.change(service, identifier, async (current) => {
      checkPrecondition(precondition, current, service);
      return (await this.clients.delete(current, by)) ? 'replaced' : 'outdated';
    });
  }

  /** Changes a client, again if another request changed it meanwhile. */
  private async change(
    { apiKey }: Service,
    identifier: string,
    change: (current: FoundClient) => Promise<Replaced>,
  ): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const current = await this.lookup.findStored(apiKey, identifier);
      if (current === undefined) throw unknown(identifier);
      if ((await change(current)) !== 'outdated') return;
    }
    throw tooManyChanges();
  }

  /** Inserts a client; returns `undefined` if another client has its canonical identifier. */
  private async insert(
    service: Service,
    request: ClientRequest,
    by: ChangedBy,
    identifiers: { readonly canonical: string },
  ): Promise<ChangedClient | undefined>;
  private async insert(
    service: Service,
    request: ClientRequest,
    by: ChangedBy,
    identifiers: object,
  ): Promise<ChangedClient>;
  private async insert(
    service: Service,
    request: ClientRequest,
    by: ChangedBy,
    { canonical }: { readonly canonical?: string },
  ): Promise<ChangedClient | undefined> {
    const requested = requestedClient(request.body, request.dto, { service, current: undefined });
    const accepted = await this.decide(service, requested);
    const identifiers = this.identifiers(canonical, requested.alias);
    for (;;) {
      const now = Date.now();
      const secrets = secretsOf(accepted, requested, [], now);
      const client: StoredClient = {
        serviceId: service.apiKey,
        clientId: timeOrderedId(now),
        identifiers,
        version: FIRST_VERSION,
        createdAt: now,
        modifiedAt: now,
        administration: requested.administration,
        credentials: { secrets },
        provenance: { source: 'static', registration: {}, lastUsedAt: 0, updates: NO_UPDATES },
        document: documentOf(accepted),
      };
      if (await this.clients.insert(client, by)) return { client, newSecret: secrets.length > 0 };
      await this.checkAlias(client, requested.alias);
      if (canonical !== undefined && (await this.clients.findIdentifier(service.apiKey, canonical)) !== undefined)
        return undefined;
    }
  }

  /** Replaces the metadata and the administration part of a client; returns `undefined` if another request changed it meanwhile. */
  private async replace(
    service: Service,
    current: FoundClient,
    request: ClientRequest,
    by: ChangedBy,
  ): Promise<ChangedClient | undefined> {
    const requested = requestedClient(request.body, request.dto, { service, current });
    const accepted = await this.decide(service, requested);
    const { secrets: before, registrationAccessToken } = current.credentials;
    const secrets = secretsOf(accepted, requested, before, Date.now());
    const identifiers = this.identifiers(current.identifiers.canonical, requested.alias);
    const next: StoredClient = {
      ...nextVersion(current),
      identifiers,
      // An administrator decided on it, so it is not deleted as an unused registration.
      provenance: { ...current.provenance, unusedSince: undefined },
      administration: requested.administration,
      credentials: secrets === before ? current.credentials : { secrets, registrationAccessToken },
      document: documentOf({ ...accepted, softwareStatement: current.document.softwareStatement }),
    };
    switch (await this.clients.replace(current, next, by)) {
      case 'replaced':
        return { client: next, newSecret: secrets !== before && secrets.length > 0 };
      case 'unchanged':
        return { client: current, newSecret: false };
      case 'outdated':
        await this.checkAlias(next, requested.alias);
        return undefined;
    }
  }

  private decide(service: Service, { json }: RequestedClient): Promise<AcceptedRegistration> {
    return this.decisions.decide(this.decisions.read(json, 'api', { byAdministrator: true }), service);
  }

  /** The identifiers of a client, of which the alias is new. */
  private identifiers(canonical: string | undefined, alias: string | undefined): Identifiers {
    const reserved = reservedIdentifiers(this.routes);
    for (const identifier of [canonical, alias]) if (identifier !== undefined) checkIdentifier(identifier, reserved);
    return { ...(canonical !== undefined && { canonical }), ...(alias !== undefined && { alias }) };
  }

  private async checkAlias({ serviceId, clientId }: StoredClient, alias: string | undefined): Promise<void> {
    const owner = alias === undefined ? undefined : await this.clients.findIdentifier(serviceId, alias);
    if (owner !== undefined && owner !== clientId) throw new ApiError(400, 'aliasInUse', { alias: quote(alias ?? '') });
  }
}

function nextVersion<Client extends StoredClient>(client: Client): Client {
  return { ...client, version: client.version + 1, modifiedAt: Math.max(Date.now(), client.modifiedAt + 1) };
}

/** The secrets of a client: the given one, the previous ones, or one that the server generates if the client needs its first one. */
function secretsOf(
  { decision: { metadata } }: AcceptedRegistration,
  { secret: given }: RequestedClient,
  before: readonly ClientSecret[],
  now: number,
): readonly ClientSecret[] {
  if (given === undefined) return secretsFor(metadata, before, now);
  if (!needsClientSecret(metadata))
    throw new ApiError(400, 'clientSecretUnfit', { details: 'the client needs no secret.' });
  const current = readableSecret({ credentials: { secrets: before } }, now);
  if (current !== undefined && equalSecrets(given, current.value)) return before;
  return [{ ...newSecretAfter(before, now), value: given, generated: false }];
}

/** A repeated request must find the same client, so it must not take away the alias by which it addresses the client. */
function checkAddress(identifier: string, client: StoredClient, requested: string | undefined): void {
  if (identifier === requested || identifier === String(client.clientId) || identifier === canonicalId(client)) return;
  throw unacceptable(
    `clientIdAlias must be ${quote(identifier)}, because the request addresses the client by this alias. ` +
      `Address it by ${quote(canonicalId(client))} to change or delete the alias.`,
  );
}

function unknown(identifier: string): ApiError {
  return new ApiError(404, 'clientUnknown', { identifier: quote(identifier) });
}

function tooManyChanges(): StoreUnavailableError {
  return new StoreUnavailableError('Too many other requests changed the client at the same time.');
}
