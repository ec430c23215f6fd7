import type { Difference } from './change.ts';

/** The members in which two objects differ, in the order of their first occurrence. */
export function differencesOf(before: object, after: object): readonly Difference[] {
  const differences: Difference[] = [];
  const previous = before as Readonly<Record<string, unknown>>;
  const next = after as Readonly<Record<string, unknown>>;
  for (const member of new Set([...Object.keys(previous), ...Object.keys(next)])) {
    const one = Object.hasOwn(previous, member) ? previous[member] : undefined;
    const other = Object.hasOwn(next, member) ? next[member] : undefined;
    if (one === other || JSON.stringify(one) === JSON.stringify(other)) continue;
    differences.push({
      member,
      ...(one !== undefined && { before: one }),
      ...(other !== undefined && { after: other }),
    });
  }
  return differences;
}
