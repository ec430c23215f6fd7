import type { ClientReplacementDto } from '@clientele/model';
import type { JsonObject } from '@clientele/model/metadata';
import { readEnvelope } from '../../http/envelope.pipe.ts';
import { objectIn } from '../../http/object-in.ts';
import type { PendingRequest } from '../../registration/registration-decisions.ts';

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
