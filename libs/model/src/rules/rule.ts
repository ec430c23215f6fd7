import type { FieldName } from '../metadata/client-metadata.ts';
import type { FindingResult } from '../wire/result-codes.ts';
import type { ClientFacts } from './client-facts.ts';

/** A check across the members of client metadata that is complete: every default is filled in. */
export interface Rule {
  /** Documented by the comment above it. */
  readonly id: string;
  /** The section that demands it. */
  readonly specification: string;
  /** The members that it reads. It is skipped if one of them was refused. */
  readonly reads: readonly FieldName[];
  /** How the client breaks the rule; `undefined` if it does not. */
  readonly check: (client: ClientFacts) => Broken | readonly Broken[] | undefined;
}

/** How a client breaks a rule. */
export interface Broken {
  readonly result: FindingResult;
  /** The members concerned, with positions; the message begins with the first. */
  readonly members: readonly string[];
  /** The sentence after that member and a colon. If absent, the text of the result is the whole message. */
  readonly says?: string;
  /** The OAuth error, if not `invalid_client_metadata`. */
  readonly error?: 'invalid_redirect_uri';
}
