import type { Difference } from './change.ts';

/** The members in which two objects differ, in the order of their first occurrence. */
export function differencesOf(before: object, after: object): readonly Difference[] {
  const differences: Difference[] = [];
  const previous = before as Readonly<Record<string, unknown>>;
  const next = after as Readonly<Record<string, unknown>>;
  for (const member of new Set([...Object.keys(previous), ...Object.keys(next)])) {
    const one = Object.hasOwn(previous, member) ? previous[member] : undefined;
    const other = Object.hasOwn(next, member) ? next[member] : undefined;
    if (isSame(one, other)) continue;
    differences.push({
      member,
      ...(one !== undefined && { before: one }),
      ...(other !== undefined && { after: other }),
    });
  }
  return differences;
}

/** Whether two JSON values are the same, with members in the same order. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((value, i) => isSame(value, other[i]));
  }
  const names = Object.keys(one);
  const others = Object.keys(other);
  return (
    !Array.isArray(other) &&
    names.length === others.length &&
    names.every(
      (name, i) =>
        name === others[i] && isSame((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]),
    )
  );
}
