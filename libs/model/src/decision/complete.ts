import { FIELDS, type AnyField, type ClientMetadata } from '../metadata/client-metadata.ts';
import { OIDC_RP_METADATA_CHOICES } from '../wire/specs.ts';
import { RULES } from '../rules/index.ts';
import type { ClientFacts } from '../rules/client-facts.ts';
import type { Rule } from '../rules/rule.ts';
import type { CheckContext } from '../metadata/field.ts';
import type { Draft } from './draft.ts';

type FindDefault = (metadata: ClientMetadata, context: CheckContext) => unknown;

/** A row whose member the server may set. */
interface Row {
  readonly name: string;
  readonly field: AnyField;
  /** The member that lists the alternatives. */
  readonly list: string | undefined;
  readonly find: FindDefault;
  readonly isChoice: boolean;
  readonly isEncryption: boolean;
  /** The rules that read the member. */
  readonly rules: readonly Rule[];
}

/** In the order of the table. */
const ROWS = FIELDS.flatMap(([name, field]): Row[] => {
  const fallback = field.default as unknown;
  if (fallback === undefined && field.alternatives === undefined) return [];
  const find = typeof fallback === 'function' ? (fallback as FindDefault) : () => fallback;
  const isChoice = field.kind === 'choice';
  const isEncryption = field.algorithm !== undefined && !('signs' in field.algorithm);
  const rules = RULES.filter(({ reads }) => (reads as readonly string[]).includes(name));
  return [{ name, field, list: field.alternatives, find, isChoice, isEncryption, rules }];
});

/**
 * Selects a value for each member with alternatives, and fills in the defaults. It follows the order of the rows, because a
 * default may depend on the members above it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2
 */
export function complete(draft: Draft, facts: ClientFacts): void {
  const { metadata, sources, alternatives, findings, context, support } = draft;
  for (const row of ROWS) {
    const { name, find, isChoice } = row;
    if (metadata[name] !== undefined || findings.isRefused(name)) continue;
    const values = alternatives.get(name);
    if (values !== undefined) {
      select(draft, facts, row, values);
      if (findings.ended) return;
      continue;
    }
    let value = find(metadata as ClientMetadata, context);
    if (value === undefined) continue;
    // If a service does not support the usual default, it has another default.
    const supported = isChoice ? support.get(name) : undefined;
    if (supported !== undefined && !supported.has(value as string)) value = [...supported][0] ?? value;
    metadata[name] = value;
    sources[name] = 'default';
  }
}

/**
 * Selects the first value that the service supports and that violates no rule. If there is none, it selects the first supported
 * value, so that the violated rules are reported; encryption is omitted instead.
 *
 * @see https://openid.net/specs/openid-connect-rp-metadata-choices-1_0.html#section-4
 */
function select(
  { metadata, sources, findings, support }: Draft,
  facts: ClientFacts,
  { name, field, list = name, isEncryption, rules }: Row,
  values: readonly string[],
): void {
  const limit = support.get(name);
  const supported = limit === undefined ? values : values.filter((value) => limit.has(value));
  const [first] = supported;
  if (first === undefined) {
    const detail = 'has no value that the server supports; add one.';
    const none = { rule: 'value-supported', result: 'valueUnsupported', at: '', detail } as const;
    findings.refuseField(list, name, field, [{ ...none, specification: OIDC_RP_METADATA_CHOICES }]);
    return;
  }
  const valid = supported.find((value) => {
    metadata[name] = value;
    return rules.every((rule) => isKept(rule, facts));
  });
  if (valid === undefined && isEncryption) {
    Reflect.deleteProperty(metadata, name);
    Reflect.deleteProperty(sources, name);
  } else metadata[name] = valid ?? first;
}

function isKept(rule: Rule, facts: ClientFacts): boolean {
  const violation = rule.check(facts);
  return violation === undefined || (Array.isArray(violation) && violation.length === 0);
}
