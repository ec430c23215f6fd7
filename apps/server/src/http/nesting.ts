import { FORBIDDEN_MEMBERS } from '@clientele/model/metadata';

/** Whether a JSON value has more than these levels of nesting. It stops there, however deep the value is. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

/** The number of elements and members inside a JSON value, at every level. */
export function countInside(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((count, member) => count + 1 + countInside(member), 0);
}

/** The first name inside a JSON value that has a meaning in JavaScript objects; `undefined` if there is none. */
export function forbiddenName(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const forbidden = FORBIDDEN_MEMBERS.has(name) ? name : forbiddenName(member);
    if (forbidden !== undefined) return forbidden;
  }
  return undefined;
}
