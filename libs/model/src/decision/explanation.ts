import type { ClientMetadata } from '../metadata/client-metadata.ts';
import type { JsonObject } from '../metadata/json.ts';
import type { Check } from './checks.ts';
import type { Decision, Source } from './decision.ts';
import type { Finding } from './finding.ts';

/** The outcome of a check. `skipped`: the network or a credential was not available. */
export type CheckOutcome = 'passed' | 'failed' | 'skipped';

/** The rule of a check. */
export type CheckRule = Check['rule'];

/** A check that was carried out or skipped. A failed check has a finding. */
export type CheckedRule =
  | { readonly rule: CheckRule; readonly outcome: 'passed' | 'skipped' }
  | { readonly rule: CheckRule; readonly outcome: 'failed'; readonly finding: Finding };

/** A decision as one JSON document, for people and programs. */
export interface Explanation {
  readonly accepted: boolean;
  /** The registered metadata, defaults and custom members included; only if accepted. */
  readonly metadata?: ClientMetadata & JsonObject;
  /** Every finding; those of failed checks come last. */
  readonly findings: readonly Finding[];
  readonly provenance: Readonly<Record<string, Source>>;
  readonly checks: readonly { readonly rule: CheckRule; readonly outcome: CheckOutcome }[];
}

/**
 * Explains a decision. `outcomes` are the checks that the caller carried out or skipped; all other checks of the decision were
 * skipped.
 */
export function explanationOf(decision: Decision, outcomes: readonly CheckedRule[] = []): Explanation {
  const skipped = decision.checks
    .filter(({ rule }) => !outcomes.some((outcome) => outcome.rule === rule))
    .map(({ rule }) => ({ rule, outcome: 'skipped' }) as const);
  const failures = outcomes.flatMap((checked) => (checked.outcome === 'failed' ? [checked.finding] : []));
  const accepted = decision.accepted && failures.length === 0;
  return {
    accepted,
    ...(accepted && { metadata: { ...decision.metadata, ...decision.custom.members } }),
    findings: [...decision.findings, ...failures],
    provenance: decision.provenance,
    checks: [...outcomes.map(({ rule, outcome }) => ({ rule, outcome })), ...skipped],
  };
}
