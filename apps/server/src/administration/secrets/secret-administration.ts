import { Injectable } from '@nestjs/common';
import type { ApiServiceIdClientSecretRefresh, ApiServiceIdClientSecretUpdate } from '@clientele/model';
import type { ChangedBy } from '../../changes/change.ts';
import { ChangeQueues } from '../../clients/change-queues.ts';
import { ClientLookup } from '../../clients/client-lookup.ts';
import { ClientStore } from '../../clients/client-store.ts';
import {
  expiryAfter,
  MOST_SECRETS,
  nextVersion,
  readableSecret,
  validSecrets,
  type ClientSecret,
  type Credentials,
  type FoundClient,
} from '../../clients/client.ts';
import { SecretReads } from '../../clients/secret-reads.ts';
import { newClientSecret } from '../../crypto/token.ts';
import { ApiError } from '../../http/api-error.ts';
import { issueRegistrationAccessToken } from '../../registration/registration-access-token.ts';
import { newSecretId } from '../../registration/registered-client.ts';
import type { Service } from '../../services/service.ts';
import { expectKey, expectNeed } from '../clients/requested-secret.ts';

/** A client whose secret was replaced. */
export interface ReplacedSecret {
  readonly clientId: number;
  /** The new secret. */
  readonly secret: ClientSecret;
  /** The previous secret in the clear; `undefined` if the caller must not get it, or there is none. */
  readonly old: string | undefined;
  /** Milliseconds since 1970 until which the previous secrets are valid; `undefined` if none is. */
  readonly overlapEndsAt: number | undefined;
}

/** Replaces the credentials of clients for administrators. Throws `ApiError`. */
@Injectable()
export class SecretAdministration {
  constructor(
    private readonly clients: ClientStore,
    private readonly lookup: ClientLookup,
    private readonly queues: ChangeQueues,
    private readonly secretReads: SecretReads,
  ) {}

  /** Replaces the secret of a client by the requested one or by a generated one. The previous ones stay valid for the overlap. */
  async replaceSecret(
    service: Service,
    identifier: string,
    request: ApiServiceIdClientSecretRefresh & Partial<ApiServiceIdClientSecretUpdate>,
    by: ChangedBy,
  ): Promise<ReplacedSecret> {
    const {
      clientSecret: given,
      overlap = service.clientSecretOverlap,
      lifetime = service.clientSecretLifetime,
    } = request;
    const value = given ?? newClientSecret();
    const { previous, secret, kept } = await this.change(service, identifier, by, ({ credentials, document }) => {
      expectNeed(document.metadata);
      expectKey(document.metadata, value);
      const now = Date.now();
      const { secrets: before, registrationAccessToken } = credentials;
      const kept = overlap > 0 ? validUntil(before, now + overlap * 1000).filter((each) => each.value !== value) : [];
      if (kept.length >= MOST_SECRETS) throw new ApiError(400, 'clientSecretsTooMany', { limit: MOST_SECRETS });
      const secret: ClientSecret = {
        id: newSecretId(before),
        value,
        generated: given === undefined,
        createdAt: now,
        ...expiryAfter(lifetime, now),
      };
      return { credentials: { secrets: [...kept, secret], registrationAccessToken }, secret, kept };
    });
    return {
      clientId: previous.clientId,
      secret,
      old: (await this.secretReads.permit(previous, by)) ? readableSecret(previous)?.value : undefined,
      overlapEndsAt: kept.length === 0 ? undefined : Math.max(...kept.map(({ expiresAt }) => expiresAt)),
    };
  }

  /** Issues another registration access token to a client that registered dynamically. All previous tokens become invalid at once. */
  async replaceRegistrationAccessToken(
    service: Service,
    identifier: string,
    by: ChangedBy,
  ): Promise<{ readonly clientId: number; readonly token: string }> {
    const { token, hash } = issueRegistrationAccessToken();
    const { previous } = await this.change(service, identifier, by, ({ credentials: { secrets }, provenance }) => {
      if (provenance.source !== 'dynamic') throw new ApiError(400, 'clientNotDynamic');
      return { credentials: { secrets, registrationAccessToken: { hash } } };
    });
    return { clientId: previous.clientId, token };
  }

  /** Changes the credentials of a client, again if another request changed the client meanwhile. */
  private async change<Changed extends { readonly credentials: Credentials }>(
    { apiKey }: Service,
    identifier: string,
    by: ChangedBy,
    change: (current: FoundClient) => Changed,
  ): Promise<Changed & { readonly previous: FoundClient }> {
    const attempt = async (): Promise<(Changed & { readonly previous: FoundClient }) | undefined> => {
      const previous = await this.lookup.existing(apiKey, identifier);
      const changed = change(previous);
      const { credentials } = changed;
      const outcome = await this.clients.replace(previous, { ...nextVersion(previous), credentials }, by);
      return outcome === 'outdated' ? undefined : { ...changed, previous };
    };
    return this.queues.change(await this.lookup.subjectOf(apiKey, identifier), { by, attempt });
  }
}

/** The secrets that are valid now, oldest first. Each expires at `end` or earlier. */
function validUntil(secrets: readonly ClientSecret[], end: number): readonly (ClientSecret & { expiresAt: number })[] {
  return validSecrets(secrets)
    .map((secret) => ({ ...secret, expiresAt: Math.min(secret.expiresAt ?? end, end) }))
    .reverse();
}
