import { isUriProblem, originOf, parseUri } from '../uris/parse-uri.ts';
import { quote } from '../text/quote.ts';
import { uriCheck } from './uri-check.ts';

const httpProblem = uriCheck({ schemes: 'web', fragment: false, publicHost: false, redirect: false });

/**
 * Why a value is not an http or https URL by the rules for client metadata; `undefined` if it is one. `query` is whether the URL may
 * have a query.
 */
export function webUrlProblem(value: unknown, { query }: { readonly query: boolean }): string | undefined {
  if (typeof value !== 'string') return 'must be an http or https URL.';
  const problem = httpProblem(value, '', { parseUri, settings: {} });
  if (problem !== undefined) return problem.detail;
  const uri = parseUri(value);
  if (query || isUriProblem(uri) || uri.query === undefined) return undefined;
  return `${quote(value)} has a query; remove it with the "?".`;
}

/** Why a value is not the origin of web pages as browsers send it (RFC 6454 section 7); `undefined` if it is one. */
export function originProblem(value: unknown): string | undefined {
  const problem = webUrlProblem(value, { query: false });
  if (problem !== undefined || typeof value !== 'string') return problem;
  const uri = parseUri(value);
  const origin = isUriProblem(uri) ? '' : originOf(uri);
  return origin === value ? undefined : `${quote(value)} must be written as the origin ${quote(origin)}.`;
}
