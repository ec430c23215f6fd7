import { isDeepStrictEqual } from 'node:util';
import { ISSUED_MEMBERS, type ClientInformation, type ClientMetadata } from '@clientele/model/metadata';

/** The client is deleted. */
export const GONE = 'gone';

/** The state of a client in a response. */
export type State = typeof GONE | { readonly content: ClientInformation; readonly modifiedAt: number };

/** The client application was refused as if its client did not exist; nothing was changed. */
export const REFUSED = 'refused';

/** The response to a request for a client. */
export type Result = State | typeof REFUSED;

/** A change of a client: to other metadata, in the complete form of the response, or its deletion. */
export interface Change {
  readonly to: ClientMetadata | typeof GONE;
}

/** A response or a stored client is wrong. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/**
 * The possible states of one client: the latest acknowledged state, and the results of the changes without a response. Each of
 * these may or may not have happened; an acknowledged change must never be lost.
 */
export class ExpectedClient {
  private readonly issued: Partial<ClientInformation>;
  private latest: State;
  private readonly inFlight = new Set<Change>();

  /** A client that was registered with this metadata, and the response. */
  constructor(metadata: ClientMetadata, result: Result) {
    if (result === GONE || result === REFUSED) throw new Violation('The response to a registration has no client.');
    const members = Object.entries(result.content).filter(([name]) => Object.hasOwn(ISSUED_MEMBERS, name));
    this.issued = Object.fromEntries(members) as Partial<ClientInformation>;
    this.latest = result;
    if (!this.shows(result, { to: metadata }))
      throw this.violation('was registered with other metadata than requested', result);
  }

  get clientId(): string {
    return this.issued.client_id!;
  }

  get registrationAccessToken(): string {
    return this.issued.registration_access_token!;
  }

  get isGone(): boolean {
    return this.latest === GONE;
  }

  /** Notes a change before it is sent. */
  sends(change: Change): void {
    this.inFlight.add(change);
  }

  /** Notes that a change was not carried out, and never will be. */
  forgets(change: Change): void {
    this.inFlight.delete(change);
  }

  /** Notes the response to a change. */
  receives(change: Change, result: Result): void {
    this.inFlight.delete(change);
    if (result === REFUSED) {
      if (!this.isGone && !this.mayBecome(GONE)) throw this.violation('was refused as if it did not exist', result);
      this.latest = GONE;
      return;
    }
    if (!this.shows(result, change)) throw this.violation('was changed to another state than requested', result);
    // Responses to overlapping changes may arrive in another order. Nothing follows a deletion.
    const isLater = result === GONE || (this.latest !== GONE && result.modifiedAt > this.latest.modifiedAt);
    if (isLater) this.latest = result;
  }

  /**
   * Compares with the state after a crash, which decides about the changes without a response. Returns whether one of them
   * was carried out.
   */
  settle(state: State): boolean {
    const changed = !isDeepStrictEqual(state, this.latest);
    if (changed && !this.mayBecome(state)) {
      throw this.violation('is neither in the acknowledged state nor in one that may have followed', state);
    }
    this.latest = state;
    this.inFlight.clear();
    return changed;
  }

  /** Whether a change without a response can have led from the latest state to this one. */
  private mayBecome(state: State): boolean {
    if (this.latest === GONE) return false;
    if (state !== GONE && state.modifiedAt <= this.latest.modifiedAt) return false;
    return [...this.inFlight].some((change) => this.shows(state, change));
  }

  /** Whether the state is exactly the result of the change. */
  private shows(state: State, { to }: Change): boolean {
    if (state === GONE || to === GONE) return state === to;
    return isDeepStrictEqual(state.content, { ...to, ...this.issued });
  }

  private violation(problem: string, found: Result): Violation {
    const possible = [...this.inFlight].map(({ to }) => (to === GONE ? to : { content: { ...to, ...this.issued } }));
    const [latest, other, ...others] = differences([this.latest, found, ...possible]);
    const lines = [`acknowledged: ${latest}`, ...others.map((text) => `in flight: ${text}`), `found: ${other}`];
    return new Violation(`Client ${this.clientId} ${problem}.\n  ${lines.join('\n  ')}`);
  }
}

/** Describes states by the members that differ between them. */
function differences(states: readonly (string | { content: object; modifiedAt?: number })[]): string[] {
  const contents = states.map((state): Values => (typeof state === 'string' ? {} : { ...state.content }));
  const isShared = (name: string) => contents.every((content) => isDeepStrictEqual(content[name], contents[0]![name]));
  return states.map((state, place) => {
    if (typeof state === 'string') return state;
    const own = Object.entries(contents[place]!).filter(([name]) => !isShared(name));
    return excerpt({ modifiedAt: state.modifiedAt, ...Object.fromEntries(own) });
  });
}

type Values = Record<string, unknown>;

/** The beginning of a value; whole values can fill pages. */
function excerpt(value: object): string {
  const text = JSON.stringify(value);
  return text.length > 400 ? `${text.slice(0, 400)}... (${text.length} characters)` : text;
}
