import type { ClientMetadata } from '../metadata/client-metadata.ts';
import type { JsonObject } from '../metadata/json.ts';
import type { Check } from './checks.ts';
import type { Finding } from './finding.ts';

/**
 * Where a registered value comes from: the request, its software statement, a default, the request with unsupported values
 * dropped, or the server's choice among the values that the client accepts.
 */
export type Source = 'requested' | 'statement' | 'default' | 'narrowed' | 'chosen';

/** The members that only this service knows, as values and as the text of one object. */
export interface CustomMembers {
  readonly members: JsonObject;
  /** Keeps numbers that a double cannot hold. `{}` if there are no members. */
  readonly text: string;
}

/** Whether a registration is accepted, and what is registered. */
export interface Decision {
  /** Whether nothing was refused. `checks` may still refuse it. */
  readonly accepted: boolean;
  /** The registered metadata, defaults included. After a refusal, the members that were right. */
  readonly metadata: ClientMetadata;
  /** Members that only this service knows (`supportedCustomClientMetadata`). */
  readonly custom: CustomMembers;
  /** In order of precedence: the first refusal is the one to report. */
  readonly findings: readonly Finding[];
  readonly provenance: Readonly<Record<string, Source>>;
  /** The questions that need I/O; none after a refusal in the mode `first`. */
  readonly checks: readonly Check[];
}
