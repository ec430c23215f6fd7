/** A hash of a secret that is not accepted. The message is the end of a sentence about the hash, and never repeats it. */
export class HashProblem extends Error {
  override readonly name = 'HashProblem';
}

/** The groups of a pattern. Throws `HashProblem` unless the text matches it. */
export function expectForm(text: string, pattern: RegExp, form: string): readonly string[] {
  const match = pattern.exec(text);
  if (match === null) throw new HashProblem(`it must have the form ${form}.`);
  return match.slice(1);
}

/** Throws `HashProblem` if a number of the hash is outside of the bounds. */
export function expectBetween(value: number, minimum: number, maximum: number, what: string): void {
  if (value >= minimum && value <= maximum) return;
  throw new HashProblem(`${what} must be ${minimum} to ${maximum}, not ${value}.`);
}
