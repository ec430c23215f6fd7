import { quote } from '../text/quote.ts';

const BLANKS = /[ \t\n\r]*/y;
/** A string without its closing quote. */
const OPEN_STRING = String.raw`"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*`;
const STRING = new RegExp(`${OPEN_STRING}"`, 'y');
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
/** The characters after which a number needs another digit. */
const NEEDS_DIGIT: ReadonlySet<string> = new Set(['.', 'e', 'E']);
/** A number that lacks a digit. */
const BROKEN_NUMBER = /-(?!\d)|-?(?:0|[1-9]\d*)(?:\.(?!\d)|(?:\.\d+)?[eE](?:[+-](?!\d)|(?![+\-\d])))/y;

/** The part that may come next in a JSON text. */
type Expected =
  | 'value'
  | 'value or end'
  | 'name'
  | 'name or end'
  | 'colon'
  | 'comma or end'
  | 'nothing'
  | 'escape'
  | 'string'
  | 'digit'
  | 'word';

const WORDS: Readonly<Record<Expected, string>> = {
  value: 'a value',
  'value or end': 'a value or ]',
  name: 'the name of a member in double quotes',
  'name or end': 'the name of a member in double quotes or }',
  colon: 'a colon',
  'comma or end': 'a comma or the end of the list or object',
  nothing: 'the end of the text',
  escape: 'the rest of an escape sequence',
  string: 'the rest of the string, with control characters escaped,',
  digit: 'a digit',
  word: 'the rest of true, false or null',
};

/** The beginnings of incomplete strings and words, each with the part that is missing. */
const BROKEN: readonly (readonly [beginning: RegExp, Expected])[] = [
  [new RegExp(String.raw`${OPEN_STRING}\\(?:u[0-9A-Fa-f]{0,3}(?![0-9A-Fa-f])|(?!["\\/bfnrtu]))`, 'y'), 'escape'],
  [new RegExp(OPEN_STRING, 'y'), 'string'],
  [/t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?/y, 'word'],
];

/**
 * The reason why a text is not JSON, with the position of the fault. The messages of `JSON.parse` differ between engines, and
 * some of them repeat the text.
 */
export function firstFault(text: string): string {
  if (text.startsWith('\ufeff')) return 'it begins with a byte order mark (U+FEFF); remove it.';
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  /** Takes a number or word, unless it is a number that lacks a digit. */
  const takeScalar = (): boolean => {
    const start = at;
    if (!take(SCALAR)) return false;
    const end = at;
    if (!NEEDS_DIGIT.has(text.charAt(end))) return true;
    at = start;
    const isBroken = take(BROKEN_NUMBER);
    at = isBroken ? start : end;
    return !isBroken;
  };
  /** Moves to the end of an incomplete string or word. */
  const skipIncomplete = (): void => {
    expected = BROKEN.find(([beginning]) => take(beginning))?.[1] ?? expected;
  };
  const afterValue = (): Expected => (open.length > 0 ? 'comma or end' : 'nothing');

  for (;;) {
    if (text.charCodeAt(at) <= 0x20) take(BLANKS);
    const character = text.charAt(at);
    const container = open.at(-1);
    if (expected === 'name' || expected === 'name or end') {
      if (take(STRING)) expected = 'colon';
      else if (expected === 'name or end' && character === '}') {
        at++;
        open.pop();
        expected = afterValue();
      } else {
        if (character === '"') skipIncomplete();
        break;
      }
    } else if (expected === 'colon' && character === ':') {
      at++;
      expected = 'value';
    } else if (expected === 'comma or end' && character === ',') {
      at++;
      expected = container === '{' ? 'name' : 'value';
    } else if (
      (expected === 'comma or end' && character === (container === '{' ? '}' : ']')) ||
      (expected === 'value or end' && character === ']')
    ) {
      at++;
      open.pop();
      expected = afterValue();
    } else if (expected === 'value' || expected === 'value or end') {
      if (character === '{' || character === '[') {
        at++;
        open.push(character);
        expected = character === '{' ? 'name or end' : 'value or end';
      } else if (character === '"' ? take(STRING) : takeScalar()) expected = afterValue();
      else {
        if (take(BROKEN_NUMBER)) expected = 'digit';
        else skipIncomplete();
        break;
      }
    } else break;
  }
  const found =
    at >= text.length ? 'the text ends' : `it has ${quote(String.fromCodePoint(text.codePointAt(at) ?? 0))}`;
  return `${found} at position ${at}, where ${WORDS[expected]} is expected.`;
}
