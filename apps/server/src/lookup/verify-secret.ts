import { Injectable } from '@nestjs/common';
import { ClientLookup } from '../clients/client-lookup.ts';
import { ClientUse } from '../clients/client-use.ts';
import { validSecrets, type ClientSecret } from '../clients/client.ts';
import { equalSecrets, newClientSecret } from '../crypto/token.ts';
import type { Service } from '../services/service.ts';

export type VerifySecretResponse = { action: 'OK'; expiresAt: number } | { action: 'INVALID' | 'NOT_FOUND' | 'LOCKED' };

/** Is compared if there is no secret, so that the comparison takes the same time. */
const NO_SECRET = newClientSecret();

/** Verifies client secrets for authorization servers that cannot compare digests. */
@Injectable()
export class SecretVerifier {
  constructor(
    private readonly lookup: ClientLookup,
    private readonly use: ClientUse,
  ) {}

  /** Whether a client has the secret now. Every secret is compared, and one is compared for an unknown client too. */
  async verify({ apiKey }: Service, identifier: string, presented: string): Promise<VerifySecretResponse> {
    const client = await this.lookup.find(apiKey, identifier);
    const secrets: readonly Pick<ClientSecret, 'value' | 'scheme' | 'expiresAt'>[] = client
      ? validSecrets(client.credentials.secrets)
      : [];
    const matching = secrets.filter(({ value, scheme }) => equalSecrets(presented, value) && scheme === undefined);
    if (secrets.length === 0) equalSecrets(presented, NO_SECRET);
    if (client === undefined) return { action: 'NOT_FOUND' };
    if (client.administration.locked === true) return { action: 'LOCKED' };
    const [secret] = matching;
    if (secret === undefined) return { action: 'INVALID' };
    await this.use.note(client);
    return { action: 'OK', expiresAt: Math.floor((secret.expiresAt ?? 0) / 1000) };
  }
}
