import { FIELD_RULES } from '../src/metadata/problem.ts';
import { RULES } from '../src/rules/index.ts';
import { RESULTS, type ResultName } from '../src/wire/result-codes.ts';
import { decideOn, refusalsOf, type Circumstances } from './decisions.ts';

/** Metadata that violates one rule, with the expected members, result, and words of the message. */
export interface Refused extends Circumstances {
  readonly metadata: object;
  readonly members: readonly string[];
  readonly result: ResultName;
  readonly words: string;
  readonly error?: 'invalid_redirect_uri';
}

/** Metadata that violates no rule, with the circumstances if they matter. */
export type Accepted = object | (Circumstances & { readonly metadata: object });

interface Examples {
  readonly accepts: readonly Accepted[];
  readonly refuses: readonly Refused[];
}

/** The suite of a rule. Each example is decided as a whole, and has at most one refusal. */
export function rule(id: string, demand: string, { accepts, refuses }: Examples): void {
  const specification = specificationOf(id);

  describe(`${id}: ${demand} (${specification})`, () => {
    it.each(accepts.map((example) => [example]))('accepts %j', (example) => {
      const { metadata, ...circumstances } = 'metadata' in example ? example : { metadata: example };
      const decision = decideOn(metadata, circumstances);

      expect(refusalsOf(decision)).toEqual([]);
      expect(decision.accepted).toBe(true);
    });

    it.each(refuses.map(({ metadata, members, ...expected }) => [metadata, members, expected] as const))(
      'refuses %j, naming %j',
      (metadata, members, { result, words, error = 'invalid_client_metadata', ...circumstances }) => {
        const decision = decideOn(metadata, circumstances);
        const [refusal, ...others] = refusalsOf(decision);

        expect(decision.accepted).toBe(false);
        expect(others).toEqual([]);
        expect(refusal).toEqual({
          rule: id,
          severity: 'refused',
          members,
          error,
          resultCode: RESULTS[result].code,
          message: expect.stringContaining(words) as string,
          specification,
        });
        expect(refusal?.message).toMatch(/^\[A\d{6}\] [\x20-\x7e]+\.$/);
      },
    );
  });
}

function specificationOf(id: string): string {
  const fields: Readonly<Record<string, { readonly result: string; readonly specification?: string } | undefined>> =
    FIELD_RULES;
  return fields[id]?.specification ?? RULES.find((one) => one.id === id)?.specification ?? 'no such rule';
}
