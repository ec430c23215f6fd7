import { isDeepStrictEqual } from 'node:util';
import { ClientAdministrationDto, ClientExtensionDto } from '@clientele/model';
import { FIELDS, isJsonObject, quote, type JsonObject } from '@clientele/model/metadata';
import { unacceptable } from '../../http/api-error.ts';
import { declaredNames } from '../../http/converted.ts';
import { mergePatch } from '../patch/merge-patch.ts';

/** The properties of a `Client` that an administrator may change: `x` and `extension.x`. */
const CHANGEABLE: ReadonlySet<string> = new Set([
  ...FIELDS.flatMap(([, { property, localizable }]) => [property, ...(localizable === undefined ? [] : [localizable])]),
  ...declaredNames(ClientAdministrationDto),
  ...declaredNames(ClientExtensionDto).map((name) => `extension.${name}`),
]);

/**
 * A `Client` as it was shown, after a patch; `undefined` if it stays the same. Throws `ApiError` if the patch names a property that
 * an administrator cannot change, with another value than the shown one.
 */
export function patchedClient(shown: JsonObject, patch: JsonObject): JsonObject | undefined {
  const patched = mergePatch(shown, patch) as JsonObject;
  expectChangeable(patch, shown, patched);
  if (isJsonObject(patch.extension))
    expectChangeable(patch.extension, shown.extension, patched.extension, 'extension.');
  if (isDeepStrictEqual(patched, shown)) return undefined;
  // It follows from tokenAuthMethod, which the patch may change.
  const { clientType, ...others } = patched;
  return Object.hasOwn(patch, 'clientType') ? { ...others, clientType } : others;
}

function expectChangeable(patch: JsonObject, shown: unknown, patched: unknown, path = ''): void {
  for (const name of Object.keys(patch)) {
    if (CHANGEABLE.has(path + name)) continue;
    const value = memberOf(shown, name);
    if (value === undefined || !isDeepStrictEqual(memberOf(patched, name), value))
      throw unacceptable(`this call cannot change ${quote(path + name)}, or a Client has no such property.`);
  }
}

function memberOf(value: unknown, name: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
