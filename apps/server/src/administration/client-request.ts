import type { ClientReplacementDto } from '@clientele/model';
import { isJsonObject } from '@clientele/model/metadata';
import { unacceptable } from '../http/api-error.ts';
import { readEnvelope } from '../http/envelope.pipe.ts';
import type { ClientRequest } from './client-administration.ts';

/** The `Client` in a body, with the properties that the DTO declares. Throws `ApiError`. */
export function clientIn(body: unknown, dto: new () => ClientReplacementDto): ClientRequest {
  if (!isJsonObject(body)) throw unacceptable('a JSON object is expected.');
  return { body, dto: readEnvelope(dto, body), read: new Map() };
}
