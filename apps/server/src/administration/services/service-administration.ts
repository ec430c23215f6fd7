import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { quote, type JsonObject } from '@clientele/model/metadata';
import type { ApiAccessToken } from '../../access/api-access-token-store.ts';
import { ChainKeys } from '../../changes/chains.ts';
import type { ChangedBy } from '../../changes/change.ts';
import { attemptChange } from '../../clients/attempt-change.ts';
import { ChangeQueues } from '../../clients/change-queues.ts';
import { SecretEncryption } from '../../crypto/secret-encryption.ts';
import { Database } from '../../database/database.ts';
import { ApiError, unacceptable } from '../../http/api-error.ts';
import { isMatched } from '../../http/if-match.ts';
import { DocumentFetcher } from '../../outbound/document-fetcher.ts';
import type { ServiceSettingsDto } from '../../services/service-settings.dto.ts';
import { nextServiceNumber, pageOfServices, ServiceStore, type PageOfServices } from '../../services/service-store.ts';
import { ADDED_MEMBERS, serviceTag, serviceWith, withSettings, type Service } from '../../services/service.ts';
import { settingsIn } from '../../services/settings-in.ts';
import { mergePatch } from '../patch/merge-patch.ts';
import { createService, newServiceId } from './create-service.ts';

interface ChangeConditions {
  readonly by: ChangedBy;
  /** The `If-Match` header. */
  readonly match: string | undefined;
}

/** Lists, creates, changes and deletes services. Throws `ApiError`. */
@Injectable()
export class ServiceAdministration {
  constructor(
    private readonly services: ServiceStore,
    private readonly queues: ChangeQueues,
    private readonly documents: DocumentFetcher,
    private readonly database: Database,
    private readonly encryption: SecretEncryption,
    private readonly keys: ChainKeys,
  ) {}

  /** Creates a service with these settings. An omitted one gets its default. */
  async create(body: JsonObject, by: ChangedBy): Promise<Service> {
    const settings = this.accepted(body);
    const number = await nextServiceNumber(this.database);
    const store = { database: this.database, encryption: this.encryption, keys: this.keys };
    // The random ID may be taken.
    return attemptChange(async () => {
      const service = serviceWith(settings, newServiceId(), number, Date.now());
      return (await createService(store, service, undefined, by)) ? service : undefined;
    });
  }

  /** The services from one index to another that a caller may view, in the order of their IDs, and the number of all. */
  async page({ serviceId }: ApiAccessToken, start: number, end: number): Promise<PageOfServices> {
    if (serviceId === undefined) return pageOfServices(this.database, start, end);
    const service = await this.services.find(serviceId);
    const visible = service === undefined ? [] : [service];
    return { services: visible.slice(start, Math.max(end, start)), totalCount: visible.length };
  }

  /** Replaces all settings. An omitted one gets its default. */
  async update({ apiKey }: Service, body: JsonObject, conditions: ChangeConditions): Promise<Service> {
    const settings = this.accepted(body);
    return this.change(apiKey, conditions, () => settings);
  }

  /** Applies a JSON Merge Patch. Every attempt patches the latest version, so concurrent patches all take effect. */
  async patch({ apiKey }: Service, patch: JsonObject, conditions: ChangeConditions): Promise<Service> {
    return this.change(apiKey, conditions, (current) => this.settingsAfter(current, patch));
  }

  /** The service as a JSON Merge Patch would leave it, without storing it. */
  patched(current: Service, patch: JsonObject): Service {
    return withSettings(current, this.settingsAfter(current, patch));
  }

  async delete({ apiKey }: Service, { by, match }: ChangeConditions): Promise<void> {
    const attempt = async (): Promise<Service | undefined> => {
      const current = await this.current(apiKey, match);
      return (await this.services.delete(current, by)) ? current : undefined;
    };
    await this.queues.change(subjectOf(apiKey), { by, attempt });
  }

  /** Stores nothing if the settings stay the same. */
  private change(
    serviceId: number,
    { by, match }: ChangeConditions,
    settingsAfter: (current: Service) => ServiceSettingsDto,
  ): Promise<Service> {
    const attempt = async (): Promise<Service | undefined> => {
      const current = await this.current(serviceId, match);
      const next = withSettings(current, settingsAfter(current));
      if (isDeepStrictEqual({ ...next, modifiedAt: current.modifiedAt }, current)) return current;
      return (await this.services.replace(current, next, by)) ? next : undefined;
    };
    return this.queues.change(subjectOf(serviceId), { by, attempt });
  }

  private async current(serviceId: number, match: string | undefined): Promise<Service> {
    const current = await this.services.find(serviceId);
    if (current === undefined) throw new ApiError(404, 'noSuchService');
    if (isMatched(match, [serviceTag(current)])) return current;
    throw new ApiError(412, 'preconditionFailed', {
      details: 'The service has another version: it was changed meanwhile. Get it again.',
    });
  }

  private settingsAfter(current: Service, patch: JsonObject): ServiceSettingsDto {
    const patched = mergePatch(current, patch) as JsonObject;
    const wrong = ADDED_MEMBERS.find((name) => patched[name] !== current[name]);
    if (wrong !== undefined) throw unacceptable(`this call cannot change ${quote(wrong)}.`);
    return this.accepted(patched);
  }

  private accepted(body: JsonObject): ServiceSettingsDto {
    const settings = settingsIn(body);
    settings.softwareStatementIssuers?.forEach(({ jwksUri }, index) => {
      const refusal = jwksUri === undefined ? undefined : this.documents.refusalOf(new URL(jwksUri));
      if (refusal === undefined) return;
      throw unacceptable(
        `softwareStatementIssuers[${index}].jwksUri: ${quote(jwksUri ?? '')} is never fetched. ${refusal}`,
      );
    });
    return settings;
  }
}

/** The subject of changes of a service (`ChangeQueues`). */
function subjectOf(serviceId: number): string {
  return `service ${serviceId}`;
}
