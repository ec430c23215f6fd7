import type { ClientDifference } from '../responses/client-administration.ts';
import type { Finding } from './finding.ts';

/**
 * The effect of other settings on the next update of a client that sends its registered metadata again. `REFUSED`: the update is refused
 * for a reason that it has not today. `NARROWED`: it is accepted, and other metadata is registered than today.
 */
export type SettingsEffect =
  | { readonly effect: 'REFUSED'; readonly findings: readonly Finding[] }
  | { readonly effect: 'NARROWED'; readonly differences: readonly ClientDifference[] };

/** A line of `service/impact` about one client. */
export type ClientImpact = {
  readonly clientId: number;
  readonly canonicalClientId?: string;
  readonly clientIdAlias?: string;
  readonly clientName?: string;
} & SettingsEffect;

/** A line of `service/impact` with the numbers of clients until now. Only the last line is `done`. */
export interface ImpactProgress {
  readonly checked: number;
  readonly refused: number;
  readonly narrowed: number;
  readonly done: boolean;
}
