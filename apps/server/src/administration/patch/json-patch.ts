import { isJsonObject, LIMITS, type JsonObject } from '@clientele/model/metadata';
import { isDeeper } from '../../http/nesting.ts';

/** Characters of a patch. They bound the number of operations, and the depth between them. */
export const LONGEST_PATCH = 8192;

/** Characters of JSON that the copies of one patch may have together, because each copy could double the document. */
const COPY_LIMIT = 50_000;

/** A text is no JSON Patch, or the patch cannot be applied to the document. */
export class JsonPatchError extends Error {
  override readonly name = 'JsonPatchError';
}

/** All operations of RFC 6902 section 4: the member that each one needs beside `path`, and its effect. */
const OPERATIONS: Readonly<Record<string, { readonly needs?: 'value' | 'from'; readonly apply: Effect }>> = {
  add: { needs: 'value', apply: (root, { path, value }) => add(root, path, value) },
  remove: { apply: (root, { path }) => remove(root, path) },
  replace: {
    needs: 'value',
    apply: (root, { path, value }) => (path.length === 0 ? value : add(remove(root, path), path, value)),
  },
  move: {
    needs: 'from',
    apply: (root, { path, from }) => {
      if (path.length > from.length && from.every((token, index) => token === path[index]))
        throw new JsonPatchError('a value cannot be moved into itself');
      const value = find(root, from);
      return path.length === 0 ? value : add(remove(root, from), path, value);
    },
  },
  copy: {
    needs: 'from',
    apply: (root, { path, from, copies }) => {
      const text = JSON.stringify(find(root, from));
      copies.length += text.length;
      if (copies.length > COPY_LIMIT) throw new JsonPatchError('the copies are too large');
      return add(root, path, JSON.parse(text));
    },
  },
  test: {
    needs: 'value',
    apply: (root, { path, value }) => {
      if (!isEqual(find(root, path), value)) throw new JsonPatchError('the value is not equal');
      return root;
    },
  },
};

interface Operands {
  readonly path: Pointer;
  readonly from: Pointer;
  readonly value: unknown;
  /** The characters of JSON that were copied so far. */
  readonly copies: { length: number };
}

/** Applies an operation to a document, which it may change, and returns the document after it. */
type Effect = (root: unknown, operands: Operands) => unknown;

/** The unescaped tokens of a JSON Pointer (RFC 6901). */
type Pointer = readonly string[];

/**
 * Applies a JSON Patch to a JSON document, which stays as it is. Throws `JsonPatchError`, which says which operation is wrong.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6902.html#section-3
 */
export function applyJsonPatch(document: unknown, patchText: string): unknown {
  const copies = { length: 0 };
  let root: unknown = JSON.parse(JSON.stringify(document));
  for (const [index, operation] of operationsOf(patchText).entries()) {
    try {
      const { apply, ...operands } = read(operation);
      root = apply(root, { ...operands, copies });
    } catch (error) {
      if (!(error instanceof JsonPatchError)) throw error;
      throw new JsonPatchError(`operation ${index} of the patch is wrong: ${error.message}`);
    }
  }
  // Indentation takes two characters for every level, in every line.
  if (isDeeper(root, LIMITS.depth))
    throw new JsonPatchError(`the result of the patch has more than ${LIMITS.depth} levels of nesting`);
  return root;
}

function operationsOf(text: string): readonly unknown[] {
  if (text.length > LONGEST_PATCH) throw new JsonPatchError(`the patch has more than ${LONGEST_PATCH} characters`);
  let patch: unknown;
  try {
    patch = JSON.parse(text);
  } catch {
    throw new JsonPatchError('the patch is not JSON');
  }
  if (!Array.isArray(patch)) throw new JsonPatchError('the patch is not an array of operations');
  return patch;
}

function read(operation: unknown): Omit<Operands, 'copies'> & { apply: Effect } {
  if (!isJsonObject(operation)) throw new JsonPatchError('it is not a JSON object');
  const { op } = operation;
  const definition = typeof op === 'string' && Object.hasOwn(OPERATIONS, op) ? OPERATIONS[op] : undefined;
  if (definition === undefined) throw new JsonPatchError(`its op is not one of ${Object.keys(OPERATIONS).join(', ')}`);
  const { needs, apply } = definition;
  if (needs !== undefined && !Object.hasOwn(operation, needs)) throw new JsonPatchError(`it has no ${needs}`);
  return {
    apply,
    path: pointer(operation, 'path'),
    from: needs === 'from' ? pointer(operation, 'from') : [],
    value: operation.value,
  };
}

/** @see https://www.rfc-editor.org/rfc/rfc6901.html#section-3 */
function pointer(operation: JsonObject, member: 'path' | 'from'): Pointer {
  const text = operation[member];
  if (typeof text !== 'string' || !/^(?:\/(?:[^~/]|~[01])*)*$/.test(text))
    throw new JsonPatchError(`its ${member} is not a JSON Pointer`);
  // ~1 comes first, so that ~01 is ~1.
  const tokens = text.split('/').slice(1);
  return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function find(root: unknown, path: Pointer): unknown {
  return path.reduce<unknown>((value, token) => {
    if (Array.isArray(value)) return value[indexIn(token, value.length - 1)] as unknown;
    if (isJsonObject(value) && Object.hasOwn(value, token)) return value[token];
    throw missing();
  }, root);
}

function add(root: unknown, path: Pointer, value: unknown): unknown {
  const [parent, last] = parentOf(root, path);
  if (last === undefined) return value;
  if (Array.isArray(parent)) parent.splice(last === '-' ? parent.length : indexIn(last, parent.length), 0, value);
  // An assignment to __proto__ would replace the prototype.
  else if (isJsonObject(parent))
    Object.defineProperty(parent, last, { value, configurable: true, enumerable: true, writable: true });
  else throw missing();
  return root;
}

function remove(root: unknown, path: Pointer): unknown {
  const [parent, last] = parentOf(root, path);
  if (last === undefined) throw new JsonPatchError('the whole document cannot be removed');
  if (Array.isArray(parent)) parent.splice(indexIn(last, parent.length - 1), 1);
  else if (isJsonObject(parent) && Object.hasOwn(parent, last)) Reflect.deleteProperty(parent, last);
  else throw missing();
  return root;
}

function parentOf(root: unknown, path: Pointer): [parent: unknown, last: string | undefined] {
  return [find(root, path.slice(0, -1)), path.at(-1)];
}

/** @see https://www.rfc-editor.org/rfc/rfc6901.html#section-4 */
function indexIn(token: string, largest: number): number {
  const index = /^(?:0|[1-9]\d{0,8})$/.test(token) ? Number(token) : Infinity;
  if (index > largest) throw missing();
  return index;
}

function missing(): JsonPatchError {
  return new JsonPatchError('there is nothing at its path');
}

/** @see https://www.rfc-editor.org/rfc/rfc6902.html#section-4.6 */
function isEqual(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((element, index) => isEqual(element, other[index]));
  if (!isJsonObject(one) || !isJsonObject(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isEqual(one[name], other[name]))
  );
}
