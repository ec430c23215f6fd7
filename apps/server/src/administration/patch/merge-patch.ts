import { isJsonObject } from '@clientele/model/metadata';

/**
 * A JSON value after a JSON Merge Patch. Neither of them is changed. It calls itself at every level of the patch, so the caller limits
 * these levels.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7396.html#section-2
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  // A map, because an assignment to __proto__ would replace the prototype.
  const members = new Map(isJsonObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name);
    else members.set(name, mergePatch(members.get(name), value));
  }
  return Object.fromEntries(members);
}
