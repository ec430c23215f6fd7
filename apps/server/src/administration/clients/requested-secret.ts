import { needsClientSecret, SHORTEST_KEY, usesSecretAsKey } from '@clientele/model/decision';
import type { ClientMetadata } from '@clientele/model/metadata';
import { currentSecret, hasExpiredSecret, type ClientHead, type ClientSecret } from '../../clients/client.ts';
import type { SecretHash } from '../../crypto/secret-hash/check-secret-hash.ts';
import type { SecretHashes } from '../../crypto/secret-hash/secret-hashes.ts';
import { equalSecrets } from '../../crypto/token.ts';
import { ApiError } from '../../http/api-error.ts';
import { newSecretAfter, secretsFor } from '../../registration/registered-client.ts';
import type { AcceptedRegistration } from '../../registration/registration-decisions.ts';
import type { RequestedClient } from './requested-client.ts';

interface Circumstances {
  /** The client before; `undefined` for a new one. */
  readonly current: ClientHead | undefined;
  readonly now: number;
  readonly hashes: SecretHashes;
}

/** The requested secret or hash; if there is none, the previous secrets, or a generated one if the client needs its first one. */
export async function secretsOf(
  { decision: { metadata } }: AcceptedRegistration,
  { secret, secretHash }: Pick<RequestedClient, 'secret' | 'secretHash'>,
  { current, now, hashes }: Circumstances,
): Promise<readonly ClientSecret[]> {
  const before = current?.credentials.secrets ?? [];
  if (secret === undefined && secretHash === undefined) {
    const secrets = secretsFor(metadata, before, now);
    const kept = secrets.at(-1);
    if (kept?.scheme !== undefined) expectNoKey(metadata, 'the server has only a hash of the secret');
    else if (kept !== undefined) expectKey(metadata, kept.value);
    return secrets;
  }
  expectNeed(metadata);
  if (secret !== undefined) expectKey(metadata, secret);
  if (secretHash !== undefined) expectNoKey(metadata, 'a hash cannot replace it');
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

/** Whether a client has the requested secret, or one with the requested hash, as its current secret that has not expired. */
async function isSame(
  current: ClientHead,
  { secret, secretHash }: { readonly secret: string | undefined; readonly secretHash: SecretHash | undefined },
  hashes: SecretHashes,
): Promise<boolean> {
  const currently = hasExpiredSecret(current) ? undefined : currentSecret(current);
  if (currently === undefined) return false;
  const { scheme, value } = currently;
  if (secretHash === undefined) return scheme === undefined && equalSecrets(secret ?? '', value);
  if (scheme === undefined) return hashes.matches(secretHash, value, current);
  return scheme === secretHash.scheme && equalSecrets(secretHash.value, value);
}

function unfit(details: string): ApiError {
  return new ApiError(400, 'clientSecretUnfit', { details });
}
