import type { FieldName } from '../metadata/client-metadata.ts';
import type { FindingResult } from '../wire/result-codes.ts';
import type { ClientFacts } from './client-facts.ts';

/** A check across the members of client metadata that is complete: every default is filled in. */
export interface Rule {
  /** The comment above it documents the rule. */
  readonly id: string;
  /** The section that demands the rule. */
  readonly specification: string;
  /** The members that the rule reads. The rule is skipped if one of them was refused. */
  readonly reads: readonly FieldName[];
  /** The violations of the rule; `undefined` if there is none. */
  readonly check: (client: ClientFacts) => Violation | readonly Violation[] | undefined;
}

/** A way in which a client violates a rule. */
export interface Violation {
  readonly result: FindingResult;
  /** The members concerned, with positions. The message begins with the first one. */
  readonly members: readonly string[];
  /** The part of the message after that member and a colon. If absent, the text of the result is the whole message. */
  readonly detail?: string;
  /** The OAuth error, if it is not `invalid_client_metadata`. */
  readonly error?: 'invalid_redirect_uri';
}
