import { quote } from '../text/quote.ts';
import type { UriFault } from './uri-rules.ts';

/** A character that URIs do not use: it is not unreserved, not reserved and not the percent sign. */
const FORBIDDEN = /[^\w\-.~:/?#[\]@!$&'()*+,;=%]/;

const MALFORMED_PERCENT_ENCODING = /%(?![0-9A-Fa-f]{2})/;

const BRACKET = /[[\]]/;

/** Checks the characters of a URI, independent of their position. */
export function characterFault(text: string): UriFault | undefined {
  const forbidden = text.search(FORBIDDEN);
  if (forbidden !== -1) return forbiddenCharacter(text, forbidden);
  if (!text.includes('%')) return undefined;
  const malformed = text.search(MALFORMED_PERCENT_ENCODING);
  if (malformed === -1) return undefined;
  const found = quote(text.slice(malformed, malformed + 3));
  return {
    rule: 'percent_encoding',
    reason: `has ${found} at position ${malformed}, where two hexadecimal digits must follow "%"; write a percent sign itself as %25.`,
  };
}

/** Refuses square brackets after the host. */
export function bracketFault(text: string, start: number): UriFault | undefined {
  const found = text.slice(start).search(BRACKET);
  return found === -1 ? undefined : mustBeEncoded(text, start + found, '');
}

function forbiddenCharacter(text: string, position: number): UriFault {
  const code = text.charCodeAt(position);
  if (code > 0x7e && code !== 0x7f) {
    return {
      rule: 'ascii',
      reason: `has a character that is not ASCII at position ${position}; write a host name in its xn-- form (punycode) and percent-encode other characters.`,
    };
  }
  if (code === 0x20) return { rule: 'blank', reason: blankReason(text, position) };
  if (code < 0x20 || code === 0x7f) {
    return {
      rule: 'control_character',
      reason: `has the control character ${quote(text.charAt(position))} at position ${position}; remove it.`,
    };
  }
  if (code === 0x5c) {
    return {
      rule: 'character',
      reason: `has a backslash at position ${position}; write "/", or %5C for the backslash itself.`,
    };
  }
  const template = code === 0x7b || code === 0x7d ? ', or register complete URIs without templates' : '';
  return mustBeEncoded(text, position, template);
}

function blankReason(text: string, position: number): string {
  const outside = position === 0 || text.slice(position).trim() === '';
  return `has a blank at position ${position}; ${outside ? 'remove it' : 'write %20 instead, or send several URIs as a list'}.`;
}

function mustBeEncoded(text: string, position: number, otherwise: string): UriFault {
  const encoded = `%${text.charCodeAt(position).toString(16).toUpperCase()}`;
  return {
    rule: 'character',
    reason: `has the character ${quote(text.charAt(position))} at position ${position}; percent-encode it as ${encoded}${otherwise}.`,
  };
}
