import type { CheckContext } from '../metadata/field.ts';
import type { ReadObject } from '../metadata/json.ts';
import type { RegistrationSettings } from '../metadata/registration-settings.ts';
import { parseUri, type ParsedUri, type UriProblem } from '../uris/parse-uri.ts';
import type { Source } from './decision.ts';
import type { Findings } from './findings.ts';
import { supportOf, type Support } from './support.ts';

/** The state of one decision, to which each step adds. */
export interface Draft {
  /** The members of the request and of its software statement. */
  readonly request: ReadObject;
  /** The metadata to be registered. */
  readonly metadata: Record<string, unknown>;
  readonly sources: Record<string, Source>;
  /** The values that the client accepts for a member, the preferred one first. */
  readonly alternatives: Map<string, readonly string[]>;
  readonly findings: Findings;
  readonly context: CheckContext;
  readonly support: Support;
}

export function newDraft(
  request: ReadObject,
  sources: Record<string, Source>,
  settings: RegistrationSettings,
  findings: Findings,
): Draft {
  return {
    request,
    metadata: {},
    sources,
    alternatives: new Map(),
    findings,
    context: { settings, parseUri: parsingOnce() },
    support: supportOf(settings),
  };
}

/** Parses each URI only once. */
function parsingOnce(): (text: string) => ParsedUri | UriProblem {
  const known = new Map<string, ParsedUri | UriProblem>();
  return (text) => {
    let uri = known.get(text);
    if (uri === undefined) known.set(text, (uri = parseUri(text)));
    return uri;
  };
}
