import { FORBIDDEN_MEMBERS, printableName, quote, storageProblem } from '@clientele/model/metadata';

/** Whether a JSON value has more than these levels of nesting. It stops there, however deep the value is. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

/** Whether a JSON text has more than these levels of nesting, also if it is not complete. `JSON.parse` takes long for deep text. */
export function isTextDeeper(text: string, levels: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') {
      if (++depth > levels) return true;
    } else if (character === ']' || character === '}') depth--;
  }
  return false;
}

/** The number of elements and members inside a JSON value, at every level, however deep it is. Counting ends above `most`. */
export function countInside(value: unknown, most: number): number {
  const open: unknown[] = [value];
  let count = 0;
  while (open.length > 0 && count <= most) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inside: unknown[] = Object.values(next);
    count += inside.length;
    if (count <= most) open.push(...inside);
  }
  return count;
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

/** The first text or name inside a JSON value that cannot be stored, as a message with its path; `undefined` if there is none. */
export function unstorable(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') {
    const problem = storageProblem(value);
    return problem === undefined ? undefined : `${path}: ${problem}`;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (storageProblem(name) !== undefined)
      return `${path} has the member ${quote(name)}, whose name cannot be stored.`;
    const found = unstorable(member, Array.isArray(value) ? `${path}[${name}]` : `${path}.${printableName(name)}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
