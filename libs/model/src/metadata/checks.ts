import { keyProblem, KEY_RULES } from '../keys/index.ts';
import { characterProblem, storageProblem } from '../text/characters.ts';
import { printableName, quote } from '../text/quote.ts';
import { isLoopbackRedirect, type Host } from '../uris/host.ts';
import { isUriProblem, URI_RULES, type ParsedUri, type UriRule } from '../uris/parse-uri.ts';
import { responseParameterIn } from '../uris/response-parameters.ts';
import { isExecutable, isExecutableText, schemeProblem } from '../uris/schemes.ts';
import type { FindingResult } from '../wire/result-codes.ts';
import type { CheckContext, Field } from './field.ts';
import { isJsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import { MOST_PROBLEMS, NO_PROBLEMS, problem, type Problem } from './problem.ts';
import type { RegistrationSettings } from './registration-settings.ts';

type Check = Field['check'];

/** The check of a text at a position of a member. */
type TextCheck = (value: string, at: string, context: CheckContext) => Problem | undefined;

/** Characters of a position after which it goes no further inside. */
const LONG_POSITION = 200;

/** The check of a member that is one text. */
export function oneOf(check: TextCheck): Check {
  return (value, context) => {
    if (typeof value !== 'string') return [problem('string-expected', wrongType(value, 'a string'))];
    const found = check(value, '', context);
    return found === undefined ? NO_PROBLEMS : [found];
  };
}

/** The check of a member that is a list of texts. */
export function eachOf(check: TextCheck): Check {
  return (value, context) => {
    if (!Array.isArray(value)) return [problem('list-expected', wrongType(value, 'a list of strings'))];
    if (value.length > LIMITS.elements) {
      return [problem('list-length', `has ${value.length} entries; send at most ${LIMITS.elements}.`)];
    }
    let problems: Problem[] | undefined;
    for (let i = 0; i < value.length; i++) {
      const element: unknown = value[i];
      const found =
        typeof element === 'string'
          ? check(element, `[${i}]`, context)
          : problem('list-expected', wrongType(element, 'a string'), `[${i}]`);
      if (found !== undefined && (problems ??= []).push(found) === MOST_PROBLEMS) break;
    }
    return problems ?? NO_PROBLEMS;
  };
}

/** `must be a string, and is a list.` */
function wrongType(value: unknown, expected: string): string {
  const found =
    value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : `a${typeof value === 'object' ? 'n' : ''} ${typeof value}`;
  return `must be ${expected}, and is ${found}.`;
}

export const textProblem: TextCheck = (value, at) => {
  if (value.length > LIMITS.text) return tooLong(value, LIMITS.text, at);
  const detail = characterProblem(value);
  return detail === undefined ? undefined : problem('text-characters', detail, at);
};

function tooLong(value: string, limit: number, at: string): Problem {
  return problem('text-length', `${quote(value)} has ${value.length} characters; send at most ${limit}.`, at);
}

/**
 * Which schemes a member may use: a page that people open (`web`), something that a server fetches or posts to (`https`), what
 * a browser is redirected to (`application`: https, http, or a private-use scheme), or any that nothing executes.
 */
export type Schemes = 'web' | 'https' | 'application' | 'any';

export interface UriOptions {
  readonly schemes: Schemes;
  /** Whether the URI may have a fragment. */
  readonly fragment: boolean;
  /** Whether the host must be one of the public internet, because pages load the URI by themselves. */
  readonly publicHost: boolean;
  /** Whether authorization responses are sent to the URI. */
  readonly redirect: boolean;
}

/** Rules of URIs that are about the host and the port. */
const AUTHORITY_RULES: ReadonlySet<UriRule> = new Set<UriRule>([
  'user_information',
  'host',
  'wildcard',
  'encoded_name',
  'ipv4',
  'ipv6',
  'port',
]);

const EXPECTED: Readonly<Record<Schemes, string>> = {
  web: 'use https or http',
  https: 'use https',
  application: "use https or a scheme of the application's own, such as com.example.app",
  any: 'use another scheme',
};

export function uriCheck({ schemes, fragment, publicHost, redirect }: UriOptions): TextCheck {
  return (value, at, { parseUri }) => {
    if (value.length > LIMITS.uri) {
      // The URI is not repeated, because it may hold a password.
      return problem('text-length', `has ${value.length} characters; send at most ${LIMITS.uri}.`, at);
    }
    const uri = parseUri(value);
    if (isUriProblem(uri)) {
      const { specification } = URI_RULES[uri.rule];
      const result: FindingResult = AUTHORITY_RULES.has(uri.rule) ? 'authorityInvalid' : 'uriMalformed';
      return { rule: `uri-${uri.rule.replaceAll('_', '-')}`, result, at, detail: uri.detail, specification };
    }
    const { scheme, host } = uri;
    if (scheme !== 'https' && !(scheme === 'http' && schemes !== 'https')) {
      const reason = schemes === 'application' || isExecutable(scheme) ? schemeProblem(scheme) : undefined;
      if (reason !== undefined) {
        const detail = `${quote(value)} uses the scheme ${scheme}, which ${reason}; ${EXPECTED[schemes]}.`;
        return problem('scheme-allowed', detail, at);
      }
      if (schemes === 'https' || schemes === 'web') {
        const rule = schemes === 'https' ? 'scheme-https' : 'scheme-allowed';
        return problem(rule, `${quote(value)} uses ${quote(scheme)}; ${EXPECTED[schemes]}.`, at);
      }
    }
    if (publicHost && (host === undefined || !isReachable(host))) {
      return problem('host-public', `${quote(value)} has a host that is not public; use a public one.`, at);
    }
    if (!fragment && uri.fragment !== undefined) {
      return problem('fragment-allowed', `${quote(value)} has a fragment; remove it with the "#".`, at);
    }
    return redirect ? redirectProblem(uri, value, at) : undefined;
  };
}

/**
 * The problem with a URI as a redirect URI. RFC 7591 section 5: redirect URIs MUST be https, http on the local machine, or of a
 * scheme of the application's own. OpenID Connect Core lets a server accept http of confidential clients; it is refused here.
 */
function redirectProblem(uri: ParsedUri, value: string, at: string): Problem | undefined {
  if (uri.scheme === 'http' && !isLoopbackRedirect(uri)) {
    const detail = `${quote(value)} uses http; use https, or http only for localhost, 127.0.0.1 and [::1].`;
    return problem('redirect-uri-http', detail, at);
  }
  const parameter = uri.query === undefined ? undefined : responseParameterIn(uri.query);
  if (parameter === undefined) return undefined;
  const detail = `${quote(value)} has the query parameter ${parameter}, which could be taken for the response of the server; rename it.`;
  return problem('redirect-uri-response-parameter', detail, at);
}

/** Whether others can reach the host. A name without a dot may be one of the public internet. */
function isReachable({ scope, kind, name }: Host): boolean {
  return scope === 'public' || (scope === 'private' && kind === 'name' && !name.includes('.'));
}

export const booleanProblems: Check = (value) =>
  typeof value === 'boolean' ? NO_PROBLEMS : [problem('boolean-expected', wrongType(value, 'true or false'))];

const LARGEST_SECONDS = 2 ** 31 - 1;

export const secondsProblems: Check = (value) => {
  if (typeof value !== 'number') return [problem('integer-expected', wrongType(value, 'an integer'))];
  if (value > LARGEST_SECONDS) {
    return [problem('number-too-large', `is too large; send at most ${LARGEST_SECONDS} seconds.`)];
  }
  if (!Number.isInteger(value)) return [problem('integer-expected', `${value} is not an integer; send whole seconds.`)];
  if (value < 0) return [problem('number-negative', `${value} is negative; send 0 or more seconds.`)];
  return NO_PROBLEMS;
};

/** The check of one value of a closed set, or of the extensions that the settings allow. */
export function knownProblem(
  values: Readonly<Record<string, string>>,
  extensions?: (settings: RegistrationSettings) => readonly string[],
): TextCheck {
  const known = new Set(Object.keys(values));
  const expected = [...known].join(', ');
  return (value, at, { settings }) => {
    if (known.has(value) || extensions?.(settings).includes(value)) return undefined;
    return problem('value-known', `${quote(value)} is not supported; use one of ${expected}.`, at);
  };
}

/** scope-token = 1*( %x21 / %x23-5B / %x5D-7E ), RFC 6749 section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

export const scopeProblems = oneOf((value, at) => {
  if (value.length > LIMITS.text) return tooLong(value, LIMITS.text, at);
  if (SCOPE.test(value)) return undefined;
  const detail = `${quote(value)} is not a list of scope tokens; separate tokens by one blank, with none before the first or after the last, and use printable ASCII without quotes and backslashes.`;
  return problem('scope-tokens', detail, at);
});

export const keySetProblems: Check = (value) => {
  const keys = isJsonObject(value) ? value.keys : undefined;
  if (!Array.isArray(keys) || !keys.every(isJsonObject)) {
    return [problem('key-set-expected', 'must be a JWK Set: an object whose "keys" is a list of objects.')];
  }
  if (keys.length > LIMITS.keys) {
    return [problem('list-length', `has ${keys.length} keys; send at most ${LIMITS.keys}.`, '.keys')];
  }
  const problems: Problem[] = [];
  keys.forEach((key, i) => {
    const found = keyProblem(key);
    if (found === undefined) return;
    const { specification } = KEY_RULES[found.rule];
    problems.push({ ...found, at: `.keys[${i}]${found.at}`, result: 'keyInvalid', specification });
  });
  return problems.length > 0 ? problems : insideProblems(value);
};

export const objectProblems: Check = (value) =>
  isJsonObject(value) ? insideProblems(value) : [problem('object-expected', wrongType(value, 'an object'))];

/**
 * The problems of a JSON value of any kind that could not be stored and returned unchanged, or that is dangerous to show: texts
 * that databases refuse, and URIs that a browser executes.
 */
export function insideProblems(value: unknown): readonly Problem[] {
  const problems: Problem[] = [];
  collectInside(value, '', problems);
  return problems.length === 0 ? NO_PROBLEMS : problems;
}

function collectInside(value: unknown, at: string, problems: Problem[]): void {
  if (problems.length === MOST_PROBLEMS) return;
  if (typeof value === 'string') {
    const found = insideTextProblem(value, at);
    if (found !== undefined) problems.push(found);
  } else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) collectInside(value[i], inside(at, `[${i}]`), problems);
  } else if (isJsonObject(value)) {
    for (const name of Object.keys(value)) {
      if (storageProblem(name) !== undefined) {
        problems.push(problem('text-characters', `has the member ${quote(name)}, whose name cannot be stored.`, at));
      } else collectInside(value[name], inside(at, `.${printableName(name)}`), problems);
    }
  }
}

/** A position one level further inside; a long one stays that of the object or list around it. */
function inside(at: string, step: string): string {
  return at.length > LONG_POSITION ? at : at + step;
}

function insideTextProblem(value: string, at: string): Problem | undefined {
  const detail = storageProblem(value);
  if (detail !== undefined) return problem('text-characters', detail, at);
  if (!isExecutableText(value)) return undefined;
  return problem(
    'text-executable',
    `${quote(value)} is a URI that a browser executes or reads locally; remove it.`,
    at,
  );
}
