import type { ClientDifference } from '@clientele/client';
import { excerpt, printable } from '../terminal.ts';

/** Members whose values are never printed. The server sends none. */
const CREDENTIALS = /secret|token$/;

/** Members that limit what a client may request. */
const LIMITS: ReadonlySet<string> = new Set(['requestableScopes', 'resources']);

/** The differences of a client as lines for people, one for each member. */
export function differenceLines(id: string, differences: readonly ClientDifference[]): string[] {
  return differences.map((difference) => `~ ${printable(id)}  ${textOf(difference)}`);
}

export function withoutCredential(difference: ClientDifference): ClientDifference {
  return CREDENTIALS.test(difference.member) ? { member: difference.member } : difference;
}

function textOf(difference: ClientDifference): string {
  const { member, before, after } = withoutCredential(difference);
  if (before === undefined && after === undefined) return `${printable(member)} changed`;
  const absent = LIMITS.has(member) ? '(no limit)' : '(none)';
  return `${printable(member)}: ${valueOf(before, absent)} -> ${valueOf(after, absent)}`;
}

function valueOf(value: unknown, absent: string): string {
  return value === undefined ? absent : excerpt(JSON.stringify(value));
}
