import type { ClientMetadata } from '@clientele/model/metadata';
import { authorizationCodeWithCode, implicitWithToken } from './grants.ts';
import { keysByReferenceOrByValue } from './keys.ts';
import type { Rule } from './rule.ts';

/** The rules across members, in order of precedence: the first that is broken is reported. */
export const RULES: readonly Rule[] = [keysByReferenceOrByValue, authorizationCodeWithCode, implicitWithToken];

/** Throws the `RegistrationError` of the first rule that the metadata breaks. */
export function checkRules(metadata: ClientMetadata): void {
  for (const rule of RULES) {
    const error = rule.check(metadata);
    if (error) throw error;
  }
}
