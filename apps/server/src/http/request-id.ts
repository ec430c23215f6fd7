import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What those before us make request IDs of: UUIDs, ULIDs, hexadecimal, base64, `Root=1-67891233-abcdef`. */
const WELL_FORMED = /^[A-Za-z0-9._~:=+/@-]{8,128}$/;

/** The ID that whoever passed the request on gave it, where it can stand in a log as it is; a new one otherwise. */
export function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : randomUUID();
}
