import type { RegistrationErrorCode } from '../wire/errors.ts';
import { FINDING_RESULTS, messageOf, type FindingResult, type ResultCode } from '../wire/result-codes.ts';

/**
 * How much a finding matters. `refused`: the request is not accepted. `narrowed`: the server registers something else than was
 * asked for. `ignored`: a member has no effect. `advice`: the value is accepted, another one is recommended.
 */
export type Severity = 'refused' | 'narrowed' | 'ignored' | 'advice';

/** Something about a request that its sender should know. */
export interface Finding {
  /** The id of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  /** The members concerned, each with its position: `redirect_uris[2]`. */
  readonly members: readonly string[];
  /** The OAuth error code; of a refusal only. */
  readonly error?: RegistrationErrorCode;
  readonly resultCode: ResultCode;
  /** Printable ASCII: the result code in brackets, the member, the value at fault and what is expected; never a secret. */
  readonly message: string;
  /** The section of the specification. */
  readonly specification: string;
}

/** The parts of a finding before its message is written. */
export interface FindingOf {
  readonly rule: string;
  readonly severity?: Severity;
  readonly members: readonly string[];
  readonly error?: RegistrationErrorCode;
  readonly result: FindingResult;
  /** The sentence after the first member and a colon. If absent, the text of the result is the message. */
  readonly says?: string | undefined;
  readonly specification: string;
}

export function findingOf({
  rule,
  severity = 'refused',
  members,
  error = 'invalid_client_metadata',
  result,
  says,
  specification,
}: FindingOf): Finding {
  const row = FINDING_RESULTS[result];
  return {
    rule,
    severity,
    members,
    ...(severity === 'refused' && { error }),
    resultCode: row.code,
    message: says === undefined ? messageOf(row) : `[${row.code}] ${members[0] ?? ''}: ${says}`,
    specification,
  };
}
