import { Injectable } from '@nestjs/common';
import {
  decide,
  keepsFlow,
  readRequest,
  SHORTEST_KEY,
  wrongCredential,
  type Check,
  type CredentialCheck,
  type Decision,
  type Finding,
  type Plane,
  type RegisteredClient,
} from '@clientele/model/decision';
import type { ClientMetadata, ReadObject } from '@clientele/model/metadata';
import { ClientStore } from '../clients/client-store.ts';
import { currentSecret, hasExpiredSecret, validSecrets, type ClientHead, type FoundHead } from '../clients/client.ts';
import { equalSecrets } from '../crypto/token.ts';
import { RegistrationError } from '../http/registration-error.ts';
import { ServiceStore } from '../services/service-store.ts';
import type { Service } from '../services/service.ts';
import type { IssuedMembers } from './registration-responses.ts';
import { SectorIdentifierDocuments } from './sector-identifier.ts';
import { SoftwareStatements } from './software-statement.ts';

/** The client that an update replaces, with the values that the server issued. */
export interface ReplacedClient {
  readonly head: FoundHead;
  readonly issued: IssuedMembers;
}

/** An accepted request, and the settings under which it was accepted. */
export interface AcceptedRegistration {
  readonly service: Service;
  readonly decision: Decision;
  /** The verified software statement, unmodified. */
  readonly softwareStatement: string | undefined;
  /** The trusted issuer of the software statement. */
  readonly statementIssuer: string | undefined;
}

/** A request, and the outcomes of its checks, which are reused if the client or the settings change and it is decided again. */
export interface PendingRequest {
  readonly request: ReadObject;
  readonly plane: Plane;
  readonly byAdministrator: boolean;
  /** The metadata of the client that an administrator replaces. */
  readonly replaced?: ClientMetadata | undefined;
  /** The claims of the software statement. */
  statement: ReadObject | undefined;
  /** The settings under which the software statement was verified. */
  verifiedFor: Service | undefined;
  /** The finding for each sector document that was fetched, by its check; `undefined` if the check passed. */
  readonly sectorFindings: Map<string, Finding | undefined>;
}

/** Decides on registrations and updates, for both planes. */
@Injectable()
export class RegistrationDecisions {
  constructor(
    private readonly clients: ClientStore,
    private readonly services: ServiceStore,
    private readonly statements: SoftwareStatements,
    private readonly sectorDocuments: SectorIdentifierDocuments,
  ) {}

  /** Reads the metadata that a client application or an administrator requests. Throws `RegistrationError` unless it is one JSON object. */
  read(json: string, plane: Plane, { byAdministrator = false } = {}): PendingRequest {
    const request = readRequest(json);
    if ('finding' in request) throw RegistrationError.ofFinding(request.finding);
    return { request, plane, byAdministrator, statement: undefined, verifiedFor: undefined, sectorFindings: new Map() };
  }

  /** Decides on a request and performs its checks; decides again if the settings changed meanwhile. Throws `RegistrationError`. */
  async decide(pending: PendingRequest, service: Service, replaced?: ReplacedClient): Promise<AcceptedRegistration> {
    for (let current = service; ;) {
      let waited = await this.verifyStatement(pending, current);
      const decision = decide(pending.request, current, {
        plane: pending.plane,
        byAdministrator: pending.byAdministrator,
        replaced: pending.replaced,
        ...operationOn(replaced && registeredClient(replaced.head, replaced.issued)),
        statement: pending.statement,
        findings: pending.byAdministrator ? 'all' : 'first',
      });
      refuse(...decision.findings.filter(({ severity }) => severity === 'refused'));
      for (const check of decision.checks)
        waited = (await this.perform(check, current, decision, pending, replaced)) || waited;
      const latest = waited ? await this.services.find(current.apiKey) : current;
      if (latest === undefined || latest === current) {
        const statementIssuer = pending.statement?.members.iss as string | undefined;
        return { service: current, decision, softwareStatement: statementIn(pending), statementIssuer };
      }
      current = latest;
    }
  }

  /** Verifies the software statement; returns whether it may have fetched keys, so that the settings may have changed. */
  private async verifyStatement(pending: PendingRequest, service: Service): Promise<boolean> {
    const statement = statementIn(pending);
    if (statement === undefined || pending.verifiedFor === service) return false;
    pending.statement = await this.statements.verify(service, statement);
    pending.verifiedFor = service;
    return true;
  }

  /** Performs a check; returns whether it fetched a document, so that the settings may have changed. Throws `RegistrationError`. */
  private async perform(
    check: Check,
    { apiKey }: Service,
    { metadata }: Decision,
    { sectorFindings }: PendingRequest,
    replaced: ReplacedClient | undefined,
  ): Promise<boolean> {
    switch (check.rule) {
      case 'client-secret':
      case 'registration-access-token':
        refuse(replaced && matches(check, replaced) ? undefined : wrongCredential(check.rule));
        return false;
      case 'redirect-uris-present': {
        const client = replaced && (await this.clients.find(replaced.head.serviceId, replaced.head.clientId));
        refuse(client && keepsFlow(client.document.metadata, metadata) ? undefined : check.finding);
        return false;
      }
      case 'sector-identifier-document': {
        const key = JSON.stringify(check);
        const isKnown = sectorFindings.has(key);
        if (!isKnown) sectorFindings.set(key, await this.sectorDocuments.check(check, apiKey));
        refuse(sectorFindings.get(key));
        return !isKnown;
      }
      case 'software-statement': // It was verified before the decision.
      case 'software-id-unique': // The statement that writes the client checks it.
        return false;
    }
  }
}

function statementIn({ request: { members } }: PendingRequest): string | undefined {
  const { software_statement: statement } = members;
  return typeof statement === 'string' && statement !== '' ? statement : undefined;
}

/** Whether a credential in an update is the current one, even an expired secret, or a previous one that is still valid. */
function matches({ rule, presented }: CredentialCheck, { head, issued }: ReplacedClient): boolean {
  if (rule === 'registration-access-token') return equalSecrets(presented, issued.registration_access_token);
  const current = currentSecret(head) ?? [];
  return [current, validSecrets(head.credentials.secrets)]
    .flat()
    .some(({ scheme, value }) => scheme === undefined && equalSecrets(presented, value));
}

/** The operation of a decision: an update of the registered client, or a registration if there is none. */
export function operationOn(registered: RegisteredClient | undefined) {
  return registered === undefined
    ? ({ operation: 'register' } as const)
    : ({ operation: 'update', registered } as const);
}

/** The registered client as the context of a decision. */
export function registeredClient(client: ClientHead, issued: IssuedMembers): RegisteredClient {
  return {
    clientId: issued.client_id,
    clientIdIssuedAt: issued.client_id_issued_at,
    ...(issued.client_secret_expires_at !== undefined && { clientSecretExpiresAt: issued.client_secret_expires_at }),
    registrationClientUri: issued.registration_client_uri,
    secret: registeredSecret(client),
  };
}

function registeredSecret(client: ClientHead): RegisteredClient['secret'] {
  const secret = currentSecret(client);
  if (secret === undefined) return 'none';
  // An expired secret is replaced by a new one.
  if (hasExpiredSecret(client)) return 'recoverable';
  if (secret.scheme !== undefined) return 'hashed';
  return secret.value.length < SHORTEST_KEY ? 'short' : 'recoverable';
}

function refuse(...findings: readonly (Finding | undefined)[]): void {
  const [first, ...others] = findings.filter((finding) => finding !== undefined);
  if (first !== undefined) throw RegistrationError.ofFinding(first, ...others);
}
