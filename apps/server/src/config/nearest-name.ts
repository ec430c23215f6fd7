/** Characters of a name, which a caller may have sent. No known name is longer. */
const LONGEST_NAME = 100;

/** The known name that a misspelt one means; `undefined` if none is similar. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  let similar: string | undefined;
  for (const each of known) {
    if (name.toLowerCase() === each.toLowerCase()) return each;
    if (similar === undefined && isSimilar(name, each)) similar = each;
  }
  return similar;
}

/** A short name (HOST, PORT) differs by two letters from many names with other meanings. */
function isSimilar(name: string, known: string): boolean {
  if (known.length < 7) return sortedLetters(name) === sortedLetters(known) || isWithin(1, name, known);
  return isWithin(2, name, known);
}

/** Whether at most so many insertions, deletions and replacements of a character change one text into the other. */
function isWithin(edits: number, from: string, to: string): boolean {
  if (from === to) return true;
  if (from.at(0) === to.at(0)) return isWithin(edits, from.slice(1), to.slice(1));
  if (edits === 0) return false;
  const shorter = [
    [from.slice(1), to],
    [from, to.slice(1)],
    [from.slice(1), to.slice(1)],
  ] as const;
  return shorter.some((rest) => isWithin(edits - 1, ...rest));
}

function sortedLetters(name: string): string {
  return Array.from(name).sort().join('');
}
