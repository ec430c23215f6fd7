import { REFUSED } from './expected-client.ts';
import { UNAVAILABLE, UNKNOWN, type Outcome } from './registration-api.ts';

/** How often a change must be in the log. */
export interface Occurrences {
  /** Acknowledged requests. */
  readonly least: number;
  /** These, and the requests whose outcome is unknown. */
  readonly most: number;
}

const NONE: Occurrences = { least: 0, most: 0 };

/** The changes that were requested, by a name that the log has too. */
export class SentChanges {
  private readonly byName = new Map<string, Occurrences>();

  /** Notes the outcome of a request. */
  notes(name: string, outcome: Outcome): void {
    const { least, most } = this.byName.get(name) ?? NONE;
    const acknowledged = outcome !== UNKNOWN && outcome !== UNAVAILABLE && outcome !== REFUSED;
    const possible = acknowledged || outcome === UNKNOWN;
    this.byName.set(name, { least: least + Number(acknowledged), most: most + Number(possible) });
  }

  /** Describes the changes that are in the log too often or not often enough. */
  faults(logged: readonly string[]): string[] {
    const counts = new Map<string, number>();
    for (const name of logged) counts.set(name, (counts.get(name) ?? 0) + 1);
    return [...new Set([...this.byName.keys(), ...counts.keys()])].flatMap((name) => {
      const count = counts.get(name) ?? 0;
      const { least, most } = this.byName.get(name) ?? NONE;
      if (count >= least && count <= most) return [];
      return [
        `"${name}" is ${count} times in the log; ${least} requests were acknowledged, ${most - least} are unknown`,
      ];
    });
  }
}

/** The name of a change: a client is created and updated with a marker that no other request has. */
export function nameOf(action: string, subject: string): string {
  return `${action} ${subject}`;
}
