import { Injectable } from '@nestjs/common';
import type { VerifySecretResponse } from '@clientele/model/metadata';
import { ClientLookup } from '../clients/client-lookup.ts';
import { ClientUse } from '../clients/client-use.ts';
import { secondsOf, validSecrets } from '../clients/client.ts';
import { equalSecrets, newClientSecret } from '../crypto/token.ts';
import type { Service } from '../services/service.ts';

/** Compared if the client has no valid secret, so that the response takes the same time. */
const NO_SECRET = newClientSecret();

/** Verifies client secrets for authorization servers that cannot compare digests. */
@Injectable()
export class SecretVerifier {
  constructor(
    private readonly lookup: ClientLookup,
    private readonly use: ClientUse,
  ) {}

  /** Verifies a presented secret. Every valid secret is compared, so that the time does not depend on which one matches. */
  async verify({ apiKey }: Service, identifier: string, presented: string): Promise<VerifySecretResponse> {
    const client = await this.lookup.find(apiKey, identifier);
    const secrets = client ? validSecrets(client.credentials.secrets) : [];
    const [secret] = secrets.filter(({ value, scheme }) => equalSecrets(presented, value) && scheme === undefined);
    if (secrets.length === 0) equalSecrets(presented, NO_SECRET);
    if (client === undefined) return { action: 'NOT_FOUND' };
    if (client.administration.locked === true) return { action: 'LOCKED' };
    if (secret === undefined) return { action: 'INVALID' };
    await this.use.note(client);
    return { action: 'OK', expiresAt: secondsOf(secret.expiresAt ?? 0) };
  }
}
