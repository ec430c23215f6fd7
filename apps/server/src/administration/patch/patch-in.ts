import { LIMITS, type JsonObject } from '@clientele/model/metadata';
import { unacceptable } from '../../http/api-error.ts';
import { forbiddenName, isDeeper } from '../../http/nesting.ts';
import { objectIn } from '../../http/object-in.ts';

/** A JSON Merge Patch in a body. Throws `ApiError` if it is not one, or if it could do harm. */
export function patchIn(body: unknown): JsonObject {
  const patch = objectIn(body);
  if (isDeeper(patch, LIMITS.depth)) throw unacceptable(`at most ${LIMITS.depth} levels of nesting are accepted.`);
  const forbidden = forbiddenName(patch);
  if (forbidden !== undefined) throw unacceptable(`it must not have a member ${forbidden}.`);
  return patch;
}
