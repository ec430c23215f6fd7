import type { ResultName, ResultParameters } from '../wire/result-codes.ts';
import { LIMITS } from './limits.ts';

/** What is wrong with a document or a value: a result code, and what fills its text. */
export interface Problem {
  readonly resultCode: ResultName;
  readonly parameters?: ResultParameters;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Names that mean something to JavaScript objects: no registered metadata has them, and no honest document needs them. */
const FORBIDDEN_MEMBERS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads the text of one JSON object, more strictly than `JSON.parse`: bounded in length and depth, no member twice at any
 * depth, none of the members that could reach a prototype.
 */
export function readJsonObject(text: string): { readonly object: JsonObject } | { readonly problem: Problem } {
  if (text.length > LIMITS.json) return unparsable(`at most ${LIMITS.json} characters are accepted.`);
  if (text.trim() === '') return { problem: { resultCode: 'metadataEmpty' } };

  const shape = scan(text);
  if (shape.depth > LIMITS.depth) return unparsable(`at most ${LIMITS.depth} levels of nesting are accepted.`);

  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unparsable('the text is not JSON.');
  }
  if (!isJsonObject(value)) return unparsable('a JSON object is expected.');

  const tally: Tally = { members: 0, forbidden: undefined, infinite: false };
  count(value, tally);
  if (tally.members !== shape.members) {
    return { problem: { resultCode: 'memberDuplicated', parameters: { member: quoteName(findDuplicate(text)) } } };
  }
  if (tally.forbidden !== undefined) {
    return { problem: { resultCode: 'memberForbidden', parameters: { member: quoteName(tally.forbidden) } } };
  }
  if (tally.infinite) return unparsable('numbers must not be too large to be told apart from infinity.');
  return { object: value };
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member's name as it may stand in an error description: printable ASCII (RFC 7591 section 3.2.2), and short. */
export function quoteName(name: string): string {
  const printable = name.replace(/[^\x20-\x7e]|["\\]/g, '?');
  return `'${printable.length > 80 ? `${printable.slice(0, 80)}...` : printable}'`;
}

function unparsable(expected: string): { problem: Problem } {
  return { problem: { resultCode: 'metadataUnparsable', parameters: { expected } } };
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * The depth of the text and the number of its members, from the characters outside of strings. `JSON.parse` keeps the last
 * of several members with one name, so a document with fewer members than its text has colons has a duplicate. Counting
 * costs a tenth of what collecting the names would.
 */
function scan(text: string): { depth: number; members: number } {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = endOfString(text, i);
        break;
      case COLON:
        members++;
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (++depth > deepest) deepest = depth;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
    }
  }
  return { depth: deepest, members };
}

/** The place of the quote that ends the string begun at `start`; the end of the text where there is none. */
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

interface Tally {
  members: number;
  forbidden: string | undefined;
  /** A number such as 1e999, which would come back as `null`. */
  infinite: boolean;
}

/** Counts the members of a value at every depth, and notes what must not be there. */
function count(value: unknown, tally: Tally): void {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) tally.infinite = true;
  } else if (Array.isArray(value)) {
    for (const element of value) count(element, tally);
  } else if (isJsonObject(value)) {
    for (const name of Object.keys(value)) {
      tally.members++;
      if (FORBIDDEN_MEMBERS.has(name)) tally.forbidden ??= name;
      count(value[name], tally);
    }
  }
}

/** The first name that occurs twice in one object of a text that is known to be JSON and to have one. */
function findDuplicate(text: string): string {
  const names: Set<string>[] = [];
  let string = '';
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}:]/g)) {
    if (token === '{') names.push(new Set());
    else if (token === '}') names.pop();
    else if (token !== ':') string = token;
    else {
      const name = JSON.parse(string) as string;
      const seen = names.at(-1);
      if (seen?.has(name)) return name;
      seen?.add(name);
    }
  }
  throw new Error('The text has no duplicate member.');
}
