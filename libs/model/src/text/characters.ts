import { quote } from './quote.ts';

/** Printable ASCII with a visible character. Nearly all texts match. */
const PLAIN = /^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/;

/** Control characters could add lines to logs, or damage pages that show the name of a client. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** Characters that are invisible, or that change the order in which others are shown. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u2800]/u;
/** Emoji contain these invisible characters. */
const VARIATION_SELECTORS = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

/** Joiners between two characters that are not ASCII. Some scripts and emoji need them (RFC 5892 appendix A). */
const JOINED = /(?<=[^\p{ASCII}\s])[\u200c\u200d](?=[^\p{ASCII}\s])/gu;

/**
 * The problem of the characters of a text for people, as the part of a message after the member and a colon; `undefined` if
 * there is none.
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
  return text.trim() === '' ? `${quote(text)} consists of blanks only; omit the member or send a value.` : undefined;
}

/** The reason why a text cannot be stored unchanged: half of a surrogate pair, or NUL, which databases refuse. */
export function storageProblem(text: string): string | undefined {
  const at = text.indexOf('\0');
  if (at >= 0) return `has the control character U+0000 at position ${at}; remove it.`;
  if (text.isWellFormed()) return undefined;
  return 'has half of a surrogate pair; send both halves.';
}

/** `U+202E at position 6` */
function place({ 0: character, index }: RegExpExecArray): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')} at position ${index}`;
}
