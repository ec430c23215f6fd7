import { quote } from '../text/quote.ts';
import { isLoopbackRedirect, type Host } from '../uris/host.ts';
import { isUriProblem, URI_RULES, type ParsedUri, type UriRule } from '../uris/parse-uri.ts';
import { responseParameterIn } from '../uris/response-parameters.ts';
import { isExecutable, schemeProblem } from '../uris/schemes.ts';
import type { FindingResult } from '../wire/result-codes.ts';
import type { TextCheck } from './checks.ts';
import { LIMITS } from './limits.ts';
import { problem, type Problem } from './problem.ts';

/**
 * The schemes of a member. `web`: https or http, for a page. `https`: for a document that a server fetches, or an address that
 * it posts to. `application`: https, http or a private-use scheme, for a redirection. `any`: every scheme that is not executed.
 */
export type Schemes = 'web' | 'https' | 'application' | 'any';

export interface UriOptions {
  readonly schemes: Schemes;
  /** Whether the URI may have a fragment. */
  readonly fragment: boolean;
  /** Whether the host must be public, because pages load the URI without a click. */
  readonly publicHost: boolean;
  /** Whether authorization responses are sent to the URI. */
  readonly redirect: boolean;
}

/** The rules about the host and the port of a URI. */
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
      // The message does not repeat the URI, because it may contain a password.
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
 * RFC 7591 section 5: a redirect URI MUST use https, http on the local machine, or a scheme of the application. OpenID Connect
 * Core lets a server accept http from confidential clients; this server refuses it.
 */
function redirectProblem(uri: ParsedUri, value: string, at: string): Problem | undefined {
  if (uri.scheme === 'http' && !isLoopbackRedirect(uri)) {
    const detail = `${quote(value)} uses http; use https, or http only for localhost, 127.0.0.1 and [::1].`;
    return problem('redirect-uri-http', detail, at);
  }
  const parameter = uri.query === undefined ? undefined : responseParameterIn(uri.query);
  if (parameter === undefined) return undefined;
  const detail = `${quote(value)} has the query parameter ${parameter}, which belongs to the response of the server; rename it.`;
  return problem('redirect-uri-response-parameter', detail, at);
}

/** Whether the public internet may reach the host. A name without a dot may be a public name. */
function isReachable({ scope, kind, name }: Host): boolean {
  return scope === 'public' || (scope === 'private' && kind === 'name' && !name.includes('.'));
}
