import { FIELDS, LIMITS, type AnyField, type ClientMetadata, type JsonObject } from '@clientele/model/metadata';
import type { Service } from '../service/service.ts';
import { completed, supportedBy } from './policy.ts';
import { invalidMetadata } from './registration-error.ts';
import { goTogether } from './rules/index.ts';

/**
 * Members that a client leaves to the server: it lists all values that it accepts, the server registers one of them and never
 * returns the list.
 *
 * @see https://openid.net/specs/openid-connect-rp-metadata-choices-1_0.html#section-2
 */

/** One member that is to be chosen. */
export interface Choice {
  readonly member: string;
  /** The member that lists the values. */
  readonly list: string;
  readonly field: AnyField;
  /** What there is to choose from, as far as it is known here, in the client's order of preference. */
  readonly values: readonly string[];
}

/** The rows that can be chosen, by the name of their list, in the order of the table. */
const CHOOSABLE: ReadonlyMap<string, readonly [member: string, field: AnyField]> = new Map(
  FIELDS.flatMap(([member, field]) =>
    field.alternatives === undefined ? [] : [[field.alternatives, [member, field] as const] as const],
  ),
);

/**
 * The lists of a request, and the request without the values that are chosen from them. Section 2: a single value beside a list
 * MUST be in it. It is what the client likes best; where the server does not support it, that SHOULD NOT be an error as long
 * as another one of the list is (section 4).
 */
export function readChoices(request: JsonObject): {
  readonly request: JsonObject;
  readonly choices: readonly Choice[];
} {
  if (!Object.keys(request).some((name) => CHOOSABLE.has(name))) return { request, choices: [] };
  const choices: Choice[] = [];
  for (const [list, [member, field]] of CHOOSABLE) {
    const listed = readList(request, list);
    if (listed.length === 0) continue;
    const single = request[member];
    const preferred = typeof single === 'string' && single !== '' ? [single] : [];
    if (!preferred.every((value) => listed.includes(value))) {
      throw invalidMetadata('valueUnsupported', { member, expected: `one of the values of '${list}'.` });
    }
    const values = [...new Set([...preferred, ...listed])].filter((value) => field.check(value) === undefined);
    choices.push({ member, list, field, values });
  }
  const chosen = new Set(choices.map(({ member }) => member));
  const rest = Object.entries(request).filter(([name, value]) => !chosen.has(name) || typeof value !== 'string');
  return { request: Object.fromEntries(rest), choices };
}

function readList(request: JsonObject, list: string): readonly string[] {
  const value = request[list];
  if (value === undefined || value === null || value === '') return [];
  if (!Array.isArray(value) || !value.every((element) => typeof element === 'string')) {
    throw invalidMetadata('listExpected', { member: list });
  }
  if (value.length > LIMITS.elements)
    throw invalidMetadata('tooManyEntries', { member: list, expected: LIMITS.elements });
  return value;
}

/**
 * The metadata with every choice made: the first value that the service supports and that goes together with the rest. Where
 * none does, the first supported one, so that the rules say what is missing; but nothing is encrypted merely because the
 * client could decrypt it.
 */
export function withChoices(service: Service, metadata: ClientMetadata, choices: readonly Choice[]): ClientMetadata {
  return choices.reduce((members, { member, list, field, values }) => {
    const limit = supportedBy(service, field);
    const supported = values.filter((value) => limit?.has(value) !== false);
    if (supported.length === 0) {
      throw invalidMetadata('valueUnsupported', { member: list, expected: 'a value that the server supports.' });
    }
    const fitting = supported.find((value) => goTogether(completed(service, { ...members, [member]: value })));
    if (fitting === undefined && member.includes('_encrypt')) return members;
    return { ...members, [member]: fitting ?? supported[0] };
  }, metadata);
}
