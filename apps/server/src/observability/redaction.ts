const REDACTED = '[redacted]';

/** Members whose value is a secret, or may hold one: what the database says of a row, and what a client is told of itself. */
const SECRET_NAMES =
  'token|secret|password|authorization|cookie|statement|assertion|_key|database_url|json|responseContent|detail|where';

/** A member in JSON, also in JSON that stands as text in a string of JSON. */
const MEMBER = new RegExp(String.raw`(\\*")([\w-]*(?:${SECRET_NAMES}))\1:(?:"(?:[^"\\]|\\.)*"|\\+"[^"\\]*)`, 'gi');

/** A parameter of a form or a query. */
const PARAMETER = new RegExp(String.raw`(${SECRET_NAMES})=[^&\s"\\]+`, 'gi');

const CREDENTIALS = /\b(Bearer|Basic|DPoP) +[\w\-.~+/]+=*/gi;
const URL_CREDENTIALS = /:\/\/[^\s/@"]+@/g;
const JWT = /\beyJ[\w-]+(?:\.[\w-]*){2,4}/g;

/** Our tokens, keys and hashes (256 bits), and our client secrets (512 bits), in base64url; also after an escape of JSON. */
const RANDOM = /(?:(?<![\w-])|(?<=\\[bfnrt]|\\u[\da-f]{4}))(?:[\w-]{43}|[\w-]{86})(?![\w-])/g;

/** What there is none of the others without; of all that is looked for, quick to look for at once. */
const HINT = new RegExp(`${SECRET_NAMES}|Bearer|Basic|DPoP|://|eyJ`, 'i');

/** Shorter ones occur in words by chance, and nobody who chose one has a secret. */
const SHORTEST_SECRET = 8;

/** The characters of the shortest random value. */
const SHORTEST_RANDOM = 43;

const WORD = /[\w-]/;

/** Whether each character of ASCII may be a part of a random value. */
const IN_WORD = Array.from({ length: 128 }, (_, code) => WORD.test(String.fromCharCode(code)));

/**
 * Takes secrets out of a line of the log: by the name of a member at any depth, by shape wherever they stand, and those that
 * are known. Whoever logs is to leave secrets out; this is for what a library puts into the message of an error.
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
 * Whether there is a word in the line that is as long as a random value; in nearly no line. Such a word has one of every 43rd
 * character, so the others need not be looked at: a regular expression that looks at all takes most of the time of a line.
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

/** In text inside a string the quote that ends the value is not a part of what was found. */
function redactedMember(_member: string, quote: string, name: string): string {
  return `${quote}${name}${quote}:${quote}${REDACTED}${quote === '"' ? quote : ''}`;
}
