import { isJsonObject, type JsonObject } from '@clientele/model/metadata';
import { unacceptable } from './api-error.ts';

/** The JSON object in a body. Throws `ApiError` if the body is something else. */
export function objectIn(body: unknown): JsonObject {
  if (!isJsonObject(body)) throw unacceptable('a JSON object is expected.');
  return body;
}
