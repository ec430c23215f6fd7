import { JSON_RULES, readJsonObject, type ReadObject } from '../metadata/json.ts';
import { RFC8259 } from '../wire/specs.ts';
import { FINDING_RESULTS, messageOf } from '../wire/result-codes.ts';
import type { Finding } from './finding.ts';

/** The JSON object of a request, or why there is none. */
export type RegistrationRequest = ReadObject | { readonly finding: Finding };

/**
 * Reads the JSON that a client sent to register itself or to update its registration: one object of at most 65,536 characters and
 * 32 levels, without a member that occurs twice or is called `__proto__`, `constructor` or `prototype`. Members are not
 * checked; `decide` does that.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.1
 */
export function readRequest(text: string): RegistrationRequest {
  if (typeof text !== 'string') throw new TypeError('readRequest() takes the JSON text of a request.');
  const read = readJsonObject(text);
  if (!('problem' in read)) return read;
  const { rule, detail } = read.problem;
  const { result } = JSON_RULES[rule];
  return {
    finding: {
      rule,
      severity: 'refused',
      members: [],
      error: 'invalid_client_metadata',
      resultCode: FINDING_RESULTS[result].code,
      message: messageOf(FINDING_RESULTS[result], { details: detail, member: detail }),
      specification: RFC8259,
    },
  };
}
