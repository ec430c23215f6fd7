import { insideProblems } from '../metadata/json-checks.ts';
import { isAbsent, type JsonObject } from '../metadata/json.ts';
import type { RegistrationSettings } from '../metadata/registration-settings.ts';
import { RFC7591_CLIENT_METADATA } from '../wire/specs.ts';
import { printableName } from '../text/quote.ts';
import { ISSUED_MEMBERS, isStandardMember } from '../responses/client-information.ts';
import type { CustomMembers } from './decision.ts';
import type { Draft } from './draft.ts';
import { findingOf } from './finding.ts';

export const NO_CUSTOM_MEMBERS: CustomMembers = { members: {}, text: '{}' };

/** The members that only this service defines. Each one is returned exactly as it was sent, or is refused. */
export function readCustomMembers({ request, sources, findings, context }: Draft): CustomMembers {
  const { supportedCustomClientMetadata: names = [] } = context.settings;
  if (names.length === 0) return NO_CUSTOM_MEMBERS;
  const { members, inexact } = request;
  const custom: Record<string, unknown> = {};
  const texts: string[] = [];
  for (const name of names) {
    const value = members[name];
    if (isAbsent(value) || !Object.hasOwn(members, name)) continue;
    const problems = insideProblems(value);
    if (problems.length === 0) {
      custom[name] = value;
      sources[name] ??= 'requested';
      texts.push(`${JSON.stringify(name)}:${inexact.get(name)?.text ?? JSON.stringify(value)}`);
    }
    for (const { rule, result, at, detail } of problems) {
      const members = [`${printableName(name)}${at}`];
      const specification = RFC7591_CLIENT_METADATA;
      findings.refuse({ rule, members, result, detail, specification }, sources[name] === 'statement');
    }
    if (findings.ended) break;
  }
  return { members: custom, text: `{${texts.join(',')}}` };
}

const ISSUED = Object.keys(ISSUED_MEMBERS);

/** The most ignored members that are named. */
const NAMED = 20;

/** Reports the members without effect: unknown members and, in a registration, members that the server issues. */
export function noteIgnored(members: JsonObject, { findings, context }: Draft, operation: 'register' | 'update'): void {
  const unknown = Object.keys(members).filter(isUnknownTo(context.settings));
  const issued = operation === 'register' ? ISSUED.filter((name) => Object.hasOwn(members, name)) : [];
  const note = (name: string, rule: 'member-issued' | 'member-unknown', detail: string): void => {
    findings.add(
      findingOf({
        rule,
        severity: 'ignored',
        members: [printableName(name)],
        result: 'memberIgnored',
        detail,
      }),
    );
  };
  for (const name of issued) note(name, 'member-issued', 'is set by the server and is ignored.');
  const more = unknown.length - NAMED;
  unknown.slice(0, NAMED).forEach((name, i) => {
    const others = i === NAMED - 1 && more > 0 ? ` ${more} other members are ignored as well.` : '';
    note(name, 'member-unknown', `is not known and is ignored.${others}`);
  });
}

/** Returns whether neither the table nor the service defines a member. */
export function isUnknownTo({ supportedCustomClientMetadata }: RegistrationSettings): (name: string) => boolean {
  const custom = new Set(supportedCustomClientMetadata);
  return (name) => !isStandardMember(name) && !custom.has(name);
}
