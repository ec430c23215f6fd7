import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The request IDs of common proxies: UUIDs, ULIDs, hexadecimal, base64, `Root=1-67891233-abcdef`. */
const WELL_FORMED = /^[A-Za-z0-9._~:=+/@-]{8,128}$/;

/** The request ID of a proxy if it is well-formed, otherwise a new one. */
export function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : randomUUID();
}
