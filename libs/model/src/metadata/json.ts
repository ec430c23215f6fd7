import { quote } from '../text/quote.ts';
import type { FindingResult } from '../wire/result-codes.ts';
import { firstFault } from './json-fault.ts';
import { findDuplicate, scan, type InexactMember } from './json-scan.ts';
import { LIMITS } from './limits.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON object, and the members whose values changed when it was parsed. */
export interface ReadObject {
  readonly members: JsonObject;
  /** Members with a number that a double cannot hold. */
  readonly inexact: ReadonlyMap<string, InexactMember>;
}

/** The reason why a text is not an acceptable JSON object. */
export interface JsonProblem {
  readonly rule: keyof typeof JSON_RULES;
  /** The reason, or the name of the member at fault. */
  readonly detail: string;
}

/** The rules of the text itself. */
export const JSON_RULES = {
  /** The text is not empty. */
  'json-empty': { result: 'metadataEmpty' },
  /** The text is one JSON object. */
  'json-syntax': { result: 'metadataUnparsable' },
  /** The text is not too long, and not nested too deeply. */
  'json-size': { result: 'metadataUnparsable' },
  /** No object has two members with the same name. */
  'json-duplicate-member': { result: 'memberDuplicated' },
  /** No member is called `__proto__`, `constructor` or `prototype`. */
  'json-forbidden-member': { result: 'memberForbidden' },
} as const satisfies Readonly<Record<string, { readonly result: FindingResult }>>;

/** Names with a meaning in JavaScript objects. No registered metadata has them. */
export const FORBIDDEN_MEMBERS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads the text of one JSON object. It is stricter than `JSON.parse`: it limits the length and the depth, and it refuses
 * duplicate members and members that could change a prototype.
 *
 * @param longest The most characters of the text.
 */
export function readJsonObject(
  text: string,
  longest: number = LIMITS.json,
): ReadObject | { readonly problem: JsonProblem } {
  if (text.length > longest) {
    return refused('json-size', `it has ${text.length} characters; send at most ${longest}.`);
  }
  if (text.trim() === '') return refused('json-empty', '');

  const shape = scan(text);
  if (shape.depth > LIMITS.depth) return refused('json-size', `it has more than ${LIMITS.depth} levels of nesting.`);

  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused('json-syntax', firstFault(text));
  }
  if (!isJsonObject(value)) return refused('json-syntax', 'it is JSON, but not an object; send one object.');

  const tally: Tally = { members: 0, forbidden: undefined };
  count(value, tally);
  if (tally.members !== shape.members) return refused('json-duplicate-member', quote(findDuplicate(text)));
  if (tally.forbidden !== undefined) return refused('json-forbidden-member', quote(tally.forbidden));
  return { members: value, inexact: shape.inexact };
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(rule: JsonProblem['rule'], detail: string): { problem: JsonProblem } {
  return { problem: { rule, detail } };
}

interface Tally {
  members: number;
  forbidden: string | undefined;
}

/** Counts the members of a value at every depth, and finds a forbidden one. */
function count(value: unknown, tally: Tally): void {
  if (Array.isArray(value)) {
    for (const element of value) if (typeof element === 'object') count(element, tally);
  } else if (isJsonObject(value)) {
    for (const name of Object.keys(value)) {
      tally.members++;
      if (FORBIDDEN_MEMBERS.has(name)) tally.forbidden ??= name;
      const member = value[name];
      if (typeof member === 'object') count(member, tally);
    }
  }
}

/** Whether a member is missing, `null` or `""`. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** Whether a member counts as omitted (RFC 7592 section 2.2): it is absent, or an empty list. */
export function isEmpty(value: unknown): boolean {
  return isAbsent(value) || (Array.isArray(value) && value.length === 0);
}
