import type { ClientMetadata } from '../metadata/client-metadata.ts';
import type { JsonObject } from '../metadata/json.ts';
import type { Check } from './checks.ts';
import type { Finding } from './finding.ts';

/**
 * The source of a registered value: the request, its software statement, a default, the request without unsupported values, or the
 * alternatives that the client accepts.
 */
export type Source = 'requested' | 'statement' | 'default' | 'narrowed' | 'chosen';

/** The members that only this service defines, as values and as the text of one object. */
export interface CustomMembers {
  readonly members: JsonObject;
  /** Contains numbers exactly, even if a double cannot hold them. `{}` if there are no members. */
  readonly text: string;
}

/** Whether a registration is accepted, and which metadata is registered. */
export interface Decision {
  /** Whether nothing was refused. `checks` may still refuse it. */
  readonly accepted: boolean;
  /** The registered metadata, defaults included. After a refusal, the valid members. */
  readonly metadata: ClientMetadata;
  /** The members that only this service defines (`supportedCustomClientMetadata`). */
  readonly custom: CustomMembers;
  /** In order of precedence: report the first refusal. */
  readonly findings: readonly Finding[];
  readonly provenance: Readonly<Record<string, Source>>;
  /** The checks that need I/O; empty after a refusal in the mode `first`. */
  readonly checks: readonly Check[];
}
