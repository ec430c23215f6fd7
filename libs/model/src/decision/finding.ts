import type { RegistrationErrorCode } from '../wire/errors.ts';
import { FINDING_RESULTS, messageOf, type FindingResult, type ResultCode } from '../wire/result-codes.ts';
import { STEP_RULES, type StepRuleName } from './step-rules.ts';

/**
 * The weight of a finding. `refused`: the request is not accepted. `narrowed`: the server registers less than was requested.
 * `ignored`: a member has no effect. `advice`: the value is accepted, but another value is recommended.
 */
export type Severity = 'refused' | 'narrowed' | 'ignored' | 'advice';

/** A fact about a request that its sender should know. */
export interface Finding {
  /** The id of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  /** The members concerned, each with its position: `redirect_uris[2]`. */
  readonly members: readonly string[];
  /** The OAuth error code; only a refusal has one. */
  readonly error?: RegistrationErrorCode;
  readonly resultCode: ResultCode;
  /** Printable ASCII: the result code in brackets, the member, the value at fault and what is expected; never a secret. */
  readonly message: string;
  /** The section of the specification. */
  readonly specification: string;
}

/** The parts of a finding before its message is written. */
export type FindingParts = {
  readonly severity?: Severity;
  readonly members: readonly string[];
  readonly error?: RegistrationErrorCode;
  readonly result: FindingResult;
  /** The part of the message after the first member and a colon. If absent, the text of the result is the message. */
  readonly detail?: string | undefined;
} & (
  | { readonly rule: string; readonly specification: string }
  /** The rule of a step knows its section. */
  | { readonly rule: StepRuleName; readonly specification?: undefined }
);

export function findingOf(parts: FindingParts): Finding {
  const { rule, severity = 'refused', members, error = 'invalid_client_metadata', result, detail } = parts;
  const row = FINDING_RESULTS[result];
  return {
    rule,
    severity,
    members,
    ...(severity === 'refused' && { error }),
    resultCode: row.code,
    message: detail === undefined ? messageOf(row) : `[${row.code}] ${members[0] ?? ''}: ${detail}`,
    specification: parts.specification ?? STEP_RULES[parts.rule].specification,
  };
}
