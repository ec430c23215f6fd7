import { needsClientSecret, usesSecretAsKey } from '@clientele/model/decision';
import type { ClientMetadata } from '@clientele/model/metadata';
import { currentSecret, hasExpiredSecret, type ClientSecret } from '../clients/client.ts';
import type { SecretHash } from '../crypto/secret-hash/check-secret-hash.ts';
import type { SecretHashes } from '../crypto/secret-hash/secret-hashes.ts';
import { equalSecrets } from '../crypto/token.ts';
import { ApiError } from '../http/api-error.ts';
import { newSecretAfter, secretsFor } from '../registration/registered-client.ts';
import type { AcceptedRegistration } from '../registration/registration-decisions.ts';
import type { RequestedClient } from './requested-client.ts';

/** The fewest characters of a secret that HS256 uses as its key (RFC 7518 section 3.2). */
const SHORTEST_KEY = 32;

interface Circumstances {
  readonly before: readonly ClientSecret[];
  readonly now: number;
  readonly hashes: SecretHashes;
}

/** The requested secret or hash; if there is none, the previous secrets, or a generated one if the client needs its first one. */
export async function secretsOf(
  { decision: { metadata } }: AcceptedRegistration,
  { secret, secretHash }: Pick<RequestedClient, 'secret' | 'secretHash'>,
  { before, now, hashes }: Circumstances,
): Promise<readonly ClientSecret[]> {
  if (secret === undefined && secretHash === undefined) {
    const secrets = secretsFor(metadata, before, now);
    if (secrets.at(-1)?.scheme !== undefined) expectNoKey(metadata, 'the server has only a hash of the secret');
    return secrets;
  }
  expectNeed(metadata);
  if (secret !== undefined) expectKey(metadata, secret);
  if (secretHash !== undefined) expectNoKey(metadata, 'a hash cannot replace it');
  const credentials = { secrets: before };
  const current = hasExpiredSecret({ credentials }) ? undefined : currentSecret({ credentials });
  if (current !== undefined && (await isSame(current, { secret, secretHash }, hashes))) return before;
  const next = { ...newSecretAfter(before, now), generated: false };
  return [secretHash === undefined ? { ...next, value: secret ?? '' } : { ...next, ...secretHash }];
}

/** Throws `ApiError` if a client needs no secret. */
export function expectNeed(metadata: ClientMetadata): void {
  if (!needsClientSecret(metadata)) throw new ApiError(400, 'clientSecretUnneeded');
}

/** Throws `ApiError` if a client uses the secret as a key for which it is too short. */
export function expectKey(metadata: ClientMetadata, secret: string): void {
  if (usesSecretAsKey(metadata) && secret.length < SHORTEST_KEY)
    throw unfit(
      `a symmetric algorithm of the client uses it as its key, so it must have ${SHORTEST_KEY} characters or more.`,
    );
}

/** Throws `ApiError` if a client whose secret is a hash uses the secret as a key. */
function expectNoKey(metadata: ClientMetadata, reason: string): void {
  if (usesSecretAsKey(metadata)) throw unfit(`a symmetric algorithm of the client uses it as its key, but ${reason}.`);
}

/** Whether the current secret of a client is the requested one, or has the requested hash. */
async function isSame(
  { scheme, value }: ClientSecret,
  { secret, secretHash }: { readonly secret: string | undefined; readonly secretHash: SecretHash | undefined },
  hashes: SecretHashes,
): Promise<boolean> {
  if (secretHash === undefined) return scheme === undefined && equalSecrets(secret ?? '', value);
  if (scheme === undefined) return hashes.matches(secretHash, value);
  return scheme === secretHash.scheme && equalSecrets(secretHash.value, value);
}

function unfit(details: string): ApiError {
  return new ApiError(400, 'clientSecretUnfit', { details });
}
