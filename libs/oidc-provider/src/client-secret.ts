import { randomBytes } from 'node:crypto';
import type { ResolvedClient } from '@clientele/client';
import type { Provider } from 'oidc-provider';
import type { SecretVerifier } from './cache.ts';
import { toProviderError } from './errors.ts';

type ProviderClient = InstanceType<Provider['Client']>;

/** The authentication methods for which a digest of the secret is enough. The first one is the default of RFC 7591. */
const COMPARED: readonly unknown[] = ['client_secret_basic', 'client_secret_post'];

/**
 * Stands for the secret that oidc-provider demands of each client with a secret. It is random, because oidc-provider derives keys
 * from it and would accept it as the secret if `useClientele` was not called.
 */
const PLACEHOLDER = randomBytes(32).toString('base64url');

/** The members of client metadata about the secret. The expiry is that of the last secret, because oidc-provider knows only one. */
export function secretMembers({ metadata, secrets = [] }: ResolvedClient): object {
  if (!COMPARED.includes(metadata.token_endpoint_auth_method ?? COMPARED[0])) return {};
  const expirations = secrets.map(({ expiresAt }) => expiresAt);
  const latest = expirations.includes(0) ? 0 : Math.max(0, ...expirations);
  return { client_secret: PLACEHOLDER, client_secret_expires_at: latest };
}

/**
 * Lets the provider verify the secrets of the registry's clients by their digests. Clients of the setting `clients` of
 * oidc-provider keep their own secrets.
 */
export function useClientele(provider: Provider, cache: SecretVerifier): void {
  const { prototype } = provider.Client;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- It is called with the client below.
  const compareOwn = prototype.compareClientSecret;
  prototype.compareClientSecret = async function (this: ProviderClient, presented: string): Promise<boolean> {
    if (this.clientSecret !== PLACEHOLDER) return compareOwn.call(this, presented);
    try {
      return await cache.verifySecret(this.clientId, presented);
    } catch (error) {
      throw toProviderError(error);
    }
  };
}
