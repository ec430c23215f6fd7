import type { ClientMetadata } from '@clientele/model/metadata';
import type { RegistrationError } from '../registration-error.ts';

/** A check across the members of client metadata that is complete: every default is filled in. */
export interface Rule {
  /** The section that demands it. */
  readonly spec: string;
  /** What is wrong; `undefined` when nothing is. */
  check(metadata: ClientMetadata): RegistrationError | undefined;
}
