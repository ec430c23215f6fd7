import { quote } from '../text/quote.ts';
import type { FindingResult } from '../wire/result-codes.ts';
import { firstFault } from './json-fault.ts';
import { LIMITS } from './limits.ts';
import { isExact } from './numbers.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON object that was read, and the members that changed when they were read. */
export interface ReadObject {
  readonly members: JsonObject;
  /** Members with a number that a double cannot hold. */
  readonly inexact: ReadonlyMap<string, InexactMember>;
}

/** A member whose value is not the same after it was parsed. */
export interface InexactMember {
  /** The first number that a double cannot hold. */
  readonly number: string;
  /** The whole value, as it was sent. */
  readonly text: string;
}

/** The reason why a text is not an acceptable JSON object. */
export interface JsonProblem {
  readonly rule: keyof typeof JSON_RULES;
  /** The reason; for a member, its name. */
  readonly says: string;
}

/** The rules of the text itself. */
export const JSON_RULES = {
  /** There is a text. */
  'json-empty': { result: 'metadataEmpty' },
  /** The text is one JSON object. */
  'json-syntax': { result: 'metadataUnparsable' },
  /** The text is not too long, and not nested too deeply. */
  'json-size': { result: 'metadataUnparsable' },
  /** No object has two members with one name. */
  'json-duplicate-member': { result: 'memberDuplicated' },
  /** No member is called `__proto__`, `constructor` or `prototype`. */
  'json-forbidden-member': { result: 'memberForbidden' },
} as const satisfies Readonly<Record<string, { readonly result: FindingResult }>>;

/** Names that mean something to JavaScript objects: no registered metadata has them, and no honest document needs them. */
const FORBIDDEN_MEMBERS = new Set(['__proto__', 'constructor', 'prototype']);

const NOTHING_INEXACT: ReadonlyMap<string, InexactMember> = new Map();

/**
 * Reads the text of one JSON object, more strictly than `JSON.parse`: bounded in length and depth, no member twice at any
 * depth, none of the members that could reach a prototype.
 */
export function readJsonObject(text: string): ReadObject | { readonly problem: JsonProblem } {
  if (text.length > LIMITS.json) {
    return refused('json-size', `it has ${text.length} characters; send at most ${LIMITS.json}.`);
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

function refused(rule: JsonProblem['rule'], says: string): { problem: JsonProblem } {
  return { problem: { rule, says } };
}

const BACKSLASH = 0x5c;

interface Shape {
  readonly depth: number;
  readonly members: number;
  readonly inexact: ReadonlyMap<string, InexactMember>;
}

/**
 * The depth of the text, the number of its members and its inexact numbers, from the characters outside of strings. `JSON.parse`
 * keeps the last of several members with one name, so a document with fewer members than its text has colons has a duplicate.
 * Counting costs a tenth of what collecting the names would.
 */
function scan(text: string): Shape {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  let inexact: Map<string, InexactMember> | undefined;
  let number: string | undefined;
  let stringStart = 0;
  let stringEnd = 0;
  /** Where the name of the current member of the outermost object starts and ends. */
  let nameStart = 0;
  let nameEnd = 0;
  let valueStart = 0;
  const endMember = (end: number): void => {
    if (number === undefined) return;
    inexact ??= new Map();
    inexact.set(nameOf(text.slice(nameStart, nameEnd + 1)), { number, text: text.slice(valueStart, end).trim() });
    number = undefined;
  };
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    switch (code) {
      case 0x22: // "
        stringStart = i;
        stringEnd = i = endOfString(text, i);
        break;
      case 0x3a: // :
        members++;
        if (depth === 1) {
          nameStart = stringStart;
          nameEnd = stringEnd;
          valueStart = i + 1;
        }
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (++depth > deepest) deepest = depth;
        break;
      case 0x2c: // ,
        if (depth === 1) endMember(i);
        break;
      case 0x7d: // }
      case 0x5d: // ]
        if (--depth === 0) endMember(i);
        break;
      default: {
        if (code !== 0x2d && (code < 0x30 || code > 0x39)) break;
        const end = endOfNumber(text, i);
        // One inexact number of a member is enough to know.
        if (number === undefined && !isExact(text.slice(i, end))) number = text.slice(i, end);
        i = end - 1;
      }
    }
  }
  return { depth: deepest, members, inexact: inexact ?? NOTHING_INEXACT };
}

/** The name that a literal stands for; empty if the text turns out not to be JSON. */
function nameOf(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return '';
  }
}

/** The place of the quote that ends the string begun at `start`; the end of the text if there is none. */
function endOfString(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end === -1) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}

/** The place after the number that starts at `start`, in a text that is JSON. */
function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (isInNumber(text.charCodeAt(end))) end++;
  return end;
}

/** Digits, `+`, `-`, `.`, `E` and `e`. */
function isInNumber(code: number): boolean {
  if (code > 0x39) return code === 0x65 || code === 0x45;
  return code >= 0x30 || code === 0x2e || code === 0x2d || code === 0x2b;
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

/** The first name that occurs twice in one object of a text that is known to be JSON and to have one. */
function findDuplicate(text: string): string {
  const names: Set<string>[] = [];
  let start = 0;
  let end = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '"') {
      start = i;
      end = i = endOfString(text, i);
    } else if (character === '{') names.push(new Set());
    else if (character === '}') names.pop();
    else if (character === ':') {
      const name = nameOf(text.slice(start, end + 1));
      const seen = names.at(-1);
      if (seen?.has(name)) return name;
      seen?.add(name);
    }
  }
  throw new Error('The text has no duplicate member.');
}

/** Whether a member is missing, `null` or `""`. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** Whether a member counts as omitted (RFC 7592 section 2.2): it is absent, or an empty list. */
export function isEmpty(value: unknown): boolean {
  return isAbsent(value) || (Array.isArray(value) && value.length === 0);
}
