import { Injectable } from '@nestjs/common';
import type { ApiServiceIdClientRegistrationExplain } from '@clientele/model';
import {
  decide,
  explanationOf,
  keepsFlow,
  readRequest,
  softwareIdTaken,
  type Check,
  type CheckedRule,
  type Decision,
  type Explanation,
} from '@clientele/model/decision';
import { ApiError, unacceptable } from '../http/api-error.ts';
import { PublicUrls } from '../services/public-urls.ts';
import type { Service } from '../services/service.ts';
import { ClientStore } from '../clients/client-store.ts';
import type { StoredClient } from '../clients/client.ts';
import { operationOn, registeredClient } from './registration-decisions.ts';
import { issuedMembers } from './registration-responses.ts';
import { untrusted } from './software-statement.ts';

/**
 * Explains the decision on a registration or an update with all findings. It changes nothing. It skips checks that fetch a document or
 * compare a credential. It refuses a software statement without a trusted issuer, but does not verify the signature.
 */
@Injectable()
export class RegistrationExplainer {
  constructor(
    private readonly clients: ClientStore,
    private readonly urls: PublicUrls,
  ) {}

  async explain(
    service: Service,
    { operation, plane, clientId, json }: ApiServiceIdClientRegistrationExplain,
  ): Promise<Explanation> {
    const client = operation === 'update' ? await this.find(service, clientId) : undefined;
    const request = readRequest(json);
    const registered = client && registeredClient(client, this.issued(service, client));
    const decision = decide(request, service, { plane, ...operationOn(registered) });
    const outcomes: CheckedRule[] = [];
    for (const check of decision.checks) outcomes.push(await this.perform(service, check, decision, client));
    return explanationOf(decision, outcomes);
  }

  private async find(service: Service, clientId: number | undefined): Promise<StoredClient> {
    if (clientId === undefined) throw unacceptable('an update needs the clientId of the client.');
    const client = await this.clients.find(service.apiKey, clientId);
    if (client === undefined) throw new ApiError(404, 'noSuchClient');
    return client;
  }

  private issued(service: Service, client: StoredClient) {
    const configurationEndpoint = this.urls.clientConfigurationEndpoint(service);
    return issuedMembers({ service, client, token: '', configurationEndpoint });
  }

  private async perform(
    service: Service,
    check: Check,
    { metadata }: Decision,
    client: StoredClient | undefined,
  ): Promise<CheckedRule> {
    const { rule } = check;
    const { apiKey: serviceId } = service;
    switch (rule) {
      case 'software-statement': {
        const finding = untrusted(service, check.statement);
        return finding === undefined ? { rule, outcome: 'skipped' } : { rule, outcome: 'failed', finding };
      }
      case 'redirect-uris-present': {
        const keeps = client !== undefined && keepsFlow(client.document.metadata, metadata);
        return keeps ? { rule, outcome: 'passed' } : { rule, outcome: 'failed', finding: check.finding };
      }
      case 'software-id-unique': {
        const { softwareId } = check;
        const taken = await this.clients.isSoftwareIdTaken({ serviceId, clientId: client?.clientId, softwareId });
        return taken ? { rule, outcome: 'failed', finding: softwareIdTaken() } : { rule, outcome: 'passed' };
      }
      default:
        return { rule, outcome: 'skipped' };
    }
  }
}
