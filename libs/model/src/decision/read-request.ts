import { JSON_RULES, readJsonObject, type ReadObject } from '../metadata/json.ts';
import { RFC8259 } from '../wire/specs.ts';
import { FINDING_RESULTS, messageOf } from '../wire/result-codes.ts';
import type { Finding } from './finding.ts';

/** The JSON object of a request, or the finding by which the text is refused. */
export type RegistrationRequest = ReadObject | { readonly finding: Finding };

/**
 * Reads the JSON of a registration or an update: one object of at most 65,536 characters and 32 levels. No member may occur
 * twice or be called `__proto__`, `constructor` or `prototype`. `decide` checks the members.
 *
 * @param longest The most characters, for a text that a server has stored: its numbers and the claims of its software statement may make
 * it longer than the request.
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.1
 */
export function readRequest(text: string, longest?: number): RegistrationRequest {
  if (typeof text !== 'string') throw new TypeError('readRequest() takes the JSON text of a request.');
  const read = readJsonObject(text, longest);
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
