import { Injectable, Logger } from '@nestjs/common';
import type { VerifySecretResponse } from '@clientele/model/metadata';
import type { ChangedBy } from '../changes/change.ts';
import { ClientLookup } from '../clients/client-lookup.ts';
import { ClientStore } from '../clients/client-store.ts';
import { ClientUse } from '../clients/client-use.ts';
import { nextVersion, secondsOf, validSecrets, type ClientSecret, type FoundClient } from '../clients/client.ts';
import { SecretHashes } from '../crypto/secret-hash/secret-hashes.ts';
import { equalSecrets, newClientSecret } from '../crypto/token.ts';
import { StoreUnavailableError } from '../database/database.ts';
import type { Service } from '../services/service.ts';

/** Compared if the client has no valid secret, so that the response takes the same time. */
const NO_SECRET = newClientSecret();

/** Verifies client secrets for authorization servers that cannot compare digests. */
@Injectable()
export class SecretVerifier {
  private readonly logger = new Logger('SecretVerifier');

  constructor(
    private readonly lookup: ClientLookup,
    private readonly use: ClientUse,
    private readonly clients: ClientStore,
    private readonly hashes: SecretHashes,
  ) {}

  /**
   * Verifies a presented secret. Every valid secret is compared, so that the time does not depend on which one matches. A hash that
   * matches is replaced by the secret. Throws `OverloadError` if too many hashes are being verified.
   */
  async verify(
    { apiKey }: Service,
    identifier: string,
    presented: string,
    by: ChangedBy,
  ): Promise<VerifySecretResponse> {
    const client = await this.lookup.find(apiKey, identifier);
    const secrets = client ? validSecrets(client.credentials.secrets) : [];
    const [plain] = secrets.filter(({ value, scheme }) => equalSecrets(presented, value) && scheme === undefined);
    if (secrets.length === 0) equalSecrets(presented, NO_SECRET);
    if (client === undefined) return { action: 'NOT_FOUND' };
    if (client.administration.locked === true) return { action: 'LOCKED' };
    const secret = plain ?? (await this.findHash(client, secrets, presented));
    if (secret === undefined) return { action: 'INVALID' };
    if (secret !== plain) await this.upgrade(client, secret, presented, by);
    await this.use.note(client);
    return { action: 'OK', expiresAt: secondsOf(secret.expiresAt ?? 0) };
  }

  /** The secret of which the server has a hash that matches. */
  private async findHash(
    client: FoundClient,
    secrets: readonly ClientSecret[],
    presented: string,
  ): Promise<ClientSecret | undefined> {
    for (const secret of secrets) {
      const { scheme, value } = secret;
      if (scheme !== undefined && (await this.hashes.matches({ scheme, value }, presented, client))) return secret;
    }
    return undefined;
  }

  /**
   * Replaces a hash by its secret, so that later verifications are fast and all uses of the secret are possible. A change of the
   * client in between wins, and a store that cannot write does not prevent the use: the next verification tries again.
   */
  private async upgrade(client: FoundClient, hashed: ClientSecret, value: string, by: ChangedBy): Promise<void> {
    const { secrets, registrationAccessToken } = client.credentials;
    const { scheme: _scheme, ...kept } = hashed;
    const upgraded = secrets.map((secret) => (secret === hashed ? { ...kept, value, generated: false } : secret));
    const next = { ...nextVersion(client), credentials: { secrets: upgraded, registrationAccessToken } };
    try {
      await this.clients.replace(client, next, by);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      this.logger.warn(`The hash of the secret of client ${client.clientId} was not replaced: ${error.message}`);
    }
  }
}
