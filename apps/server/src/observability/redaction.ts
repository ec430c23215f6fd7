/** Is shown instead of a secret. */
export const REDACTED = '[redacted]';

/** Names of members that may contain a secret, also in errors of the database and in responses to clients. */
const SECRET_NAMES =
  'token|secret|password|authorization|cookie|statement|assertion|_key|database_url|json|responseContent|detail|where';

/**
 * A member in JSON, also in JSON text inside a string, at six levels at most: without a bound, the time would be quadratic in the
 * backslashes of a line.
 */
const MEMBER = new RegExp(String.raw`(\\{0,63}")([\w-]*(?:${SECRET_NAMES}))\1:(?:"(?:[^"\\]|\\.)*"|\\+"[^"\\]*)`, 'gi');

/** A parameter of a form or a query. */
const PARAMETER = new RegExp(String.raw`(${SECRET_NAMES})=[^&\s"\\]+`, 'gi');

const CREDENTIALS = /\b(Bearer|Basic|DPoP) +[\w\-.~+/]+=*/gi;
const URL_CREDENTIALS = /:\/\/[^\s/@"]+@/g;
/** The place before a word: where no word is, or after an escape of JSON. From other places, a search would be quadratic in the word. */
const BEFORE_WORD = String.raw`(?:(?<![\w-])|(?<=\\[bfnrt]|\\u[\da-f]{4}))`;

const JWT = new RegExp(String.raw`${BEFORE_WORD}eyJ[\w-]+(?:\.[\w-]*){2,4}`, 'g');

/** Tokens, keys and hashes of 256 bits and client secrets of 512 bits in base64url. */
const RANDOM = new RegExp(String.raw`${BEFORE_WORD}(?:[\w-]{43}|[\w-]{86})(?![\w-])`, 'g');

/** Matches every line that one of the patterns above, except the last one, can match. It is much faster. */
const HINT = new RegExp(`${SECRET_NAMES}|Bearer|Basic|DPoP|://|eyJ`, 'i');

/** Shorter secrets occur in words by chance. */
const SHORTEST_SECRET = 8;

/** Characters of the shortest random value. */
const SHORTEST_RANDOM = 43;

const WORD = /[\w-]/;

/** Whether each ASCII character may be part of a random value. */
const IN_WORD = Array.from({ length: 128 }, (_, code) => WORD.test(String.fromCharCode(code)));

/**
 * Returns a function that removes secrets from a line of the log: by the name of a member at any depth, by their form, and the known
 * ones. Our own code logs no secrets. This is for error messages of libraries.
 */
export function redactor(known: readonly string[] = []): (line: string) => string {
  const secrets = known.filter(({ length }) => length >= SHORTEST_SECRET);
  return (line) => {
    const shapeless = HINT.test(line) ? withoutShapes(line) : line;
    const anonymous = hasLongWord(shapeless) ? shapeless.replace(RANDOM, REDACTED) : shapeless;
    return secrets.reduce((text, secret) => text.replaceAll(secret, REDACTED), anonymous);
  };
}

/**
 * Whether a line has a word that is as long as a random value. Such a word covers a position that is a multiple of 43, so only these
 * positions are checked. A regular expression over all characters would take most of the time of a line.
 */
function hasLongWord(line: string): boolean {
  const isInWord = (place: number) => IN_WORD[line.charCodeAt(place)] === true;
  for (let place = SHORTEST_RANDOM - 1; place < line.length; place += SHORTEST_RANDOM) {
    if (!isInWord(place)) continue;
    let [first, last] = [place, place];
    while (isInWord(first - 1)) first -= 1;
    while (isInWord(last + 1)) last += 1;
    if (last - first + 1 >= SHORTEST_RANDOM) return true;
  }
  return false;
}

function withoutShapes(line: string): string {
  return line
    .replace(MEMBER, redactedMember)
    .replace(PARAMETER, `$1=${REDACTED}`)
    .replace(CREDENTIALS, `$1 ${REDACTED}`)
    .replace(URL_CREDENTIALS, `://${REDACTED}@`)
    .replace(JWT, REDACTED);
}

/** In JSON text inside a string, the match does not include the closing quote. */
function redactedMember(_member: string, quote: string, name: string): string {
  return `${quote}${name}${quote}:${quote}${REDACTED}${quote === '"' ? quote : ''}`;
}
