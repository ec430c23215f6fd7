import { Injectable } from '@nestjs/common';
import {
  decide,
  keepsFlow,
  readRequest,
  wrongCredential,
  type Check,
  type CredentialCheck,
  type Decision,
  type Finding,
  type Plane,
  type RegisteredClient,
  type RegistrationRequest,
} from '@clientele/model/decision';
import { toMetadata, type ReadObject } from '@clientele/model/metadata';
import type { Service } from '../services/service.ts';
import { ServiceStore } from '../services/service-store.ts';
import { ClientStore, type ClientHead, type FoundHead } from '../clients/client.ts';
import { equalSecrets } from '../crypto/token.ts';
import { RegistrationError } from '../http/registration-error.ts';
import type { IssuedMembers } from './registration-responses.ts';
import { SectorIdentifier } from './sector-identifier.ts';
import { SoftwareStatements } from './software-statement.ts';

/** The client that an update replaces, as it is now, with the values that the server issued. */
export interface ReplacedClient {
  readonly head: FoundHead;
  readonly issued: IssuedMembers;
}

/** A request that was accepted, under the settings that accepted it. */
export interface AcceptedRegistration {
  readonly service: Service;
  readonly decision: Decision;
  /** The software statement, as it was sent; verified. */
  readonly softwareStatement: string | undefined;
}

/**
 * One request to be decided on, again if the client or the settings change meanwhile. The request is read once, its software
 * statement is verified once, and a document is fetched once for the same question.
 */
export class RegistrationInquiry {
  private statement: ReadObject | undefined;
  private verifiedFor: Service | undefined;
  private readonly sectorOutcomes = new Map<string, Finding | undefined>();

  constructor(
    private readonly request: ReadObject,
    private readonly plane: Plane,
    private readonly decisions: RegistrationDecisions,
  ) {}

  /**
   * Decides on the request and carries out the checks. If the settings change while a check waits, it decides again. Throws
   * `RegistrationError`.
   */
  async decide(service: Service, replaced?: ReplacedClient): Promise<AcceptedRegistration> {
    for (let current = service; ;) {
      let waited = await this.verifyStatement(current);
      const decision = decide(this.request, current, {
        plane: this.plane,
        ...operationOn(replaced && registeredClient(replaced.head, replaced.issued)),
        statement: this.statement,
        findings: 'first',
      });
      const [refusal] = decision.findings;
      if (refusal !== undefined) throw RegistrationError.ofFinding(refusal);
      for (const check of decision.checks) waited = (await this.perform(check, decision, replaced)) || waited;
      const latest = waited ? await this.decisions.services.find(current.apiKey) : current;
      if (latest === undefined || latest === current) {
        return { service: current, decision, softwareStatement: this.softwareStatement };
      }
      current = latest;
    }
  }

  private get softwareStatement(): string | undefined {
    const { software_statement: statement } = this.request.members;
    return typeof statement === 'string' && statement !== '' ? statement : undefined;
  }

  /** Verifies the software statement, if there is one; returns whether it waited, so that others could change something. */
  private async verifyStatement(service: Service): Promise<boolean> {
    const { softwareStatement } = this;
    if (softwareStatement === undefined || this.verifiedFor === service) return false;
    this.statement = await this.decisions.statements.verify(service, softwareStatement);
    this.verifiedFor = service;
    return true;
  }

  /** Carries out a check; returns whether it waited, so that others could change something. Throws `RegistrationError`. */
  private async perform(check: Check, decision: Decision, replaced: ReplacedClient | undefined): Promise<boolean> {
    switch (check.rule) {
      case 'client-secret':
      case 'registration-access-token':
        refuse(replaced && matches(check, replaced.issued) ? undefined : wrongCredential(check.rule));
        return false;
      case 'software-statement':
        // Verified before the decision.
        return false;
      case 'redirect-uris-present':
        refuse((await this.keepsFlow(decision, replaced?.head)) ? undefined : check.finding);
        return false;
      case 'software-id-unique':
        // The store itself keeps it unique when the client is written.
        return false;
      case 'sector-identifier-document': {
        const question = JSON.stringify(check);
        const isKnown = this.sectorOutcomes.has(question);
        if (!isKnown) this.sectorOutcomes.set(question, await this.decisions.sectorIdentifier.check(check));
        refuse(this.sectorOutcomes.get(question));
        return !isKnown;
      }
    }
  }

  private async keepsFlow({ metadata }: Decision, head: ClientHead | undefined): Promise<boolean> {
    const client = head && (await this.decisions.clients.find(head.serviceId, head.clientId));
    return client !== undefined && keepsFlow(toMetadata(client.properties), metadata);
  }
}

/** Decides on registrations and updates, for both planes. */
@Injectable()
export class RegistrationDecisions {
  constructor(
    readonly clients: ClientStore,
    readonly services: ServiceStore,
    readonly statements: SoftwareStatements,
    readonly sectorIdentifier: SectorIdentifier,
  ) {}

  /** Reads the text that the client application sent. Throws `RegistrationError` if it is not one JSON object. */
  inquire(json: string, plane: Plane): RegistrationInquiry {
    return new RegistrationInquiry(readable(readRequest(json)), plane, this);
  }
}

/** Whether a credential in an update is the one that the server issued. */
function matches({ rule, presented }: CredentialCheck, issued: IssuedMembers): boolean {
  const expected = rule === 'client-secret' ? issued.client_secret : issued.registration_access_token;
  return expected !== undefined && equalSecrets(presented, expected);
}

/** The operation to decide on: the update of a client, or the registration of a new one. */
export function operationOn(registered: RegisteredClient | undefined) {
  return registered === undefined
    ? ({ operation: 'register' } as const)
    : ({ operation: 'update', registered } as const);
}

/** The client that an update replaces, as a decision sees it. */
export function registeredClient(client: ClientHead, issued: IssuedMembers): RegisteredClient {
  return {
    clientId: issued.client_id,
    clientIdIssuedAt: issued.client_id_issued_at,
    ...(issued.client_secret_expires_at !== undefined && { clientSecretExpiresAt: issued.client_secret_expires_at }),
    registrationClientUri: issued.registration_client_uri,
    secret: client.clientSecret === undefined ? 'none' : 'recoverable',
  };
}

function readable(request: RegistrationRequest): ReadObject {
  if ('finding' in request) throw RegistrationError.ofFinding(request.finding);
  return request;
}

function refuse(finding: Finding | undefined): void {
  if (finding !== undefined) throw RegistrationError.ofFinding(finding);
}
