import type { Comparison } from './comparison.ts';
import { HashProblem } from './hash-problem.ts';
import { SCHEMES } from './schemes.ts';

/** Characters of a scheme and its hash. */
const LONGEST = 1000;

/** A hash of a secret as it is stored, with its scheme. */
export interface SecretHash {
  readonly scheme: string;
  readonly value: string;
}

/** The hash in a text `scheme:hash`, or the problem for which it is not accepted, as the end of a sentence. */
export function checkSecretHash(text: string): SecretHash | { readonly problem: string } {
  if (text.length > LONGEST) return { problem: `it has more than ${LONGEST} characters.` };
  const colon = text.indexOf(':');
  const hash = { scheme: text.slice(0, Math.max(colon, 0)), value: text.slice(colon + 1) };
  try {
    comparisonOf(hash);
    return hash;
  } catch (error) {
    if (error instanceof HashProblem) return { problem: error.message };
    throw error;
  }
}

/** The comparison with a hash. Throws `HashProblem` if the hash is not accepted. */
export function comparisonOf({ scheme, value }: SecretHash): Comparison {
  const row = Object.hasOwn(SCHEMES, scheme) ? SCHEMES[scheme] : undefined;
  if (row === undefined)
    throw new HashProblem(
      `it must begin with a scheme and a colon; the schemes are ${Object.keys(SCHEMES).join(', ')}.`,
    );
  return row.read(value);
}
