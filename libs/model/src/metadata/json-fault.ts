import { quote } from '../text/quote.ts';

const BLANKS = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/** What may come next in a JSON text. */
type Expected = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end' | 'nothing';

const WORDS: Readonly<Record<Expected, string>> = {
  value: 'a value',
  'value or end': 'a value or ]',
  name: 'the name of a member in double quotes',
  'name or end': 'the name of a member in double quotes or }',
  colon: 'a colon',
  'comma or end': 'a comma or the end of the list or object',
  nothing: 'the end of the text',
};

/**
 * Why a text is not JSON, and where: a sentence. `JSON.parse` says it in other words in every engine, and some of them repeat
 * the text.
 */
export function firstFault(text: string): string {
  if (text.startsWith('\ufeff')) return 'it begins with a byte order mark (U+FEFF); remove it.';
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return false;
    at += found[0].length;
    return true;
  };
  const afterValue = (): Expected => (open.length > 0 ? 'comma or end' : 'nothing');

  for (;;) {
    take(BLANKS);
    const character = text.charAt(at);
    const container = open.at(-1);
    if (expected === 'name' || expected === 'name or end') {
      if (take(STRING)) expected = 'colon';
      else if (expected === 'name or end' && character === '}') {
        at++;
        open.pop();
        expected = afterValue();
      } else break;
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
      } else if (take(STRING) || take(SCALAR)) expected = afterValue();
      else break;
    } else break;
  }
  const found =
    at >= text.length ? 'the text ends' : `it has ${quote(String.fromCodePoint(text.codePointAt(at) ?? 0))}`;
  return `${found} at position ${at}, where ${WORDS[expected]} is expected.`;
}
