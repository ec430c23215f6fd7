import { randomInt } from 'node:crypto';
import { randomText } from '../crypto/token.ts';

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
