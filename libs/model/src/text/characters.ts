import { quote } from './quote.ts';

/** Printable ASCII with something visible in it, which nearly all texts are. */
const PLAIN = /^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/;

/** Control characters let a client add lines to logs, and break pages that show its name. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** Characters that show nothing, or that change the order in which others are shown. Variation selectors belong to emoji. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u2800]/u;
const VARIATION_SELECTORS = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

/** Joiners between two characters that are not ASCII: some scripts and emoji need them (RFC 5892 appendix A). */
const JOINED = /(?<=[^\p{ASCII}\s])[\u200c\u200d](?=[^\p{ASCII}\s])/gu;

/**
 * The problem with the characters of a text that people read, as the sentence after the member's name and a colon; `undefined`
 * if there is none.
 */
export function characterProblem(text: string): string | undefined {
  if (PLAIN.test(text)) return undefined;
  const unstorable = storageProblem(text);
  if (unstorable !== undefined) return unstorable;
  const control = CONTROL.exec(text);
  if (control) return `has the control character ${place(control)}; remove it.`;
  const invisible = INVISIBLE.exec(text.replace(VARIATION_SELECTORS, '-').replace(JOINED, '-'));
  if (invisible) {
    return `has the character ${place(invisible)}, which is invisible or changes how others are shown; remove it.`;
  }
  return text.trim() === ''
    ? `${quote(text)} consists of blanks only; leave the member out or give it a value.`
    : undefined;
}

/** The reason why a text cannot be stored and returned as it is: half a surrogate pair, or NUL, which databases refuse. */
export function storageProblem(text: string): string | undefined {
  const at = text.indexOf('\0');
  if (at >= 0) return `has the control character U+0000 at position ${at}; remove it.`;
  if (text.isWellFormed()) return undefined;
  return 'has half of a surrogate pair; send characters beyond U+FFFF whole.';
}

/** `U+202E at position 6` */
function place({ 0: character, index }: RegExpExecArray): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')} at position ${index}`;
}
