import { randomInt } from 'node:crypto';
import { FIELDS, type ClientMetadata } from '@clientele/model/metadata';
import { randomText } from '../token.ts';

/** 2020-01-01, from which client IDs count their milliseconds. */
const EPOCH = Date.UTC(2020, 0, 1);
const RANDOM_IDS_PER_MILLISECOND = 4096;

/**
 * A client ID: milliseconds since 2020 and twelve random bits, which stays below 2^53 until 2089. IDs of neighbours in
 * time are neighbours in the index. Two may be equal; whoever stores one tries again.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.1
 */
export function newClientId(now: number): number {
  return (now - EPOCH) * RANDOM_IDS_PER_MILLISECOND + randomInt(RANDOM_IDS_PER_MILLISECOND);
}

/** A client secret of 512 random bits: 86 characters of base64url, as many as Authlete's. */
export function newClientSecret(): string {
  return randomText(64);
}

/** Methods that prove possession of the client secret. */
const SECRET_METHODS = new Set<string | undefined>(['client_secret_basic', 'client_secret_post', 'client_secret_jwt']);

/** Algorithms whose key is made from the client secret (OpenID Connect Core section 10). */
const SYMMETRIC_ALGORITHM = /^(?:HS\d+|dir|A\d+(?:GCM)?KW|PBES2-.+)$/;

export function isSymmetric(algorithm: unknown): boolean {
  return typeof algorithm === 'string' && SYMMETRIC_ALGORITHM.test(algorithm);
}

/** The members that name an algorithm. */
const ALGORITHM_MEMBERS = FIELDS.map(([name]) => name as keyof ClientMetadata).filter((name) => name.endsWith('_alg'));

/**
 * Whether the client has use for a secret: it authenticates with one, or a symmetric algorithm needs one. A public client
 * never has.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.1
 */
export function needsClientSecret(metadata: ClientMetadata): boolean {
  const method = metadata.token_endpoint_auth_method;
  if (method === 'none') return false;
  return SECRET_METHODS.has(method) || ALGORITHM_MEMBERS.some((name) => isSymmetric(metadata[name]));
}
