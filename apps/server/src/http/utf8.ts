import { isAscii, isUtf8 } from 'node:buffer';

/**
 * The text of a body; `undefined` if it is not UTF-8, the only encoding of JSON (RFC 8259 section 8.1). Node would replace wrong bytes
 * by U+FFFD, so a client would be stored with a wrong name.
 */
export function textOfUtf8(body: Buffer): string | undefined {
  // Nearly all bodies are ASCII, which Node decodes much faster.
  if (isAscii(body)) return body.toString('latin1');
  return isUtf8(body) ? body.toString('utf8') : undefined;
}
