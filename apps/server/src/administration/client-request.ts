import type { ClientReplacementDto } from '@clientele/model';
import { isJsonObject, type JsonObject } from '@clientele/model/metadata';
import { unacceptable } from '../http/api-error.ts';
import { readEnvelope } from '../http/envelope.pipe.ts';
import type { PendingRequest } from '../registration/registration-decisions.ts';

/** The body of a request, and its properties that only administrators set. */
export interface ClientRequest {
  readonly body: JsonObject;
  readonly dto: ClientReplacementDto;
  /** The metadata that was read in earlier attempts, by its text, with the documents that were fetched for it. */
  readonly read: Map<string, PendingRequest>;
}

/** The `Client` in a body, with the properties that the DTO declares. Throws `ApiError`. */
export function clientIn(body: unknown, dto: new () => ClientReplacementDto): ClientRequest {
  const object = objectIn(body);
  return { body: object, dto: readEnvelope(dto, object), read: new Map() };
}

/** The JSON object in a body. Throws `ApiError` if the body is something else. */
export function objectIn(body: unknown): JsonObject {
  if (!isJsonObject(body)) throw unacceptable('a JSON object is expected.');
  return body;
}
