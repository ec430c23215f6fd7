/** A number of things: "1 entry", "2 entries". */
export function counted(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${count} ${noun.replace(/y$/, 'ie')}s`;
}
