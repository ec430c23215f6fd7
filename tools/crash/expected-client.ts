import { isDeepStrictEqual } from 'node:util';
import { ISSUED_MEMBERS, type ClientInformation, type ClientMetadata } from '@clientele/model/metadata';

/** The client is not there any more. */
export const GONE = 'gone';

/** What an answer shows of a client. */
export type State = typeof GONE | { readonly content: ClientInformation; readonly modifiedAt: number };

/** The client application was refused as one is whose client is not there; nothing was changed. */
export const REFUSED = 'refused';

/** What the server says to a request of a client. */
export type Answer = State | typeof REFUSED;

/** A request that changes a client: to other metadata, complete as it will be given back, or to its end. */
export interface Change {
  readonly to: ClientMetadata | typeof GONE;
}

/** The server answered, or holds, what it must not. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/**
 * What may be known of one client: the latest state that was answered, and the changes whose answer is missing, each of
 * which may have happened or not. Everything that was answered is a promise; nothing may take it back.
 */
export class ExpectedClient {
  private readonly issued: Partial<ClientInformation>;
  private latest: State;
  private readonly unanswered = new Set<Change>();

  /** A client that was registered with this metadata and answered with this. */
  constructor(metadata: ClientMetadata, answer: Answer) {
    if (answer === GONE || answer === REFUSED) throw new Violation('A registration was answered without a client.');
    const members = Object.entries(answer.content).filter(([name]) => Object.hasOwn(ISSUED_MEMBERS, name));
    this.issued = Object.fromEntries(members) as Partial<ClientInformation>;
    this.latest = answer;
    if (!this.shows(answer, { to: metadata })) throw this.violation('was registered otherwise than asked', answer);
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

  /** Takes note of a change before it is sent. */
  sends(change: Change): void {
    this.unanswered.add(change);
  }

  /** Takes note that a change was not made, and never will be. */
  forgets(change: Change): void {
    this.unanswered.delete(change);
  }

  /** Takes note of the answer to a change. */
  answers(change: Change, answer: Answer): void {
    this.unanswered.delete(change);
    if (answer === REFUSED) {
      if (!this.isGone && !this.mayBecome(GONE)) throw this.violation('was refused as if it were not there', answer);
      this.latest = GONE;
      return;
    }
    if (!this.shows(answer, change)) throw this.violation('was changed otherwise than asked', answer);
    // Changes that overlap may be answered in another order than they were made in; after a deletion there is none.
    const isLater = answer === GONE || (this.latest !== GONE && answer.modifiedAt > this.latest.modifiedAt);
    if (isLater) this.latest = answer;
  }

  /**
   * Compares with what the server holds after a crash, which settles what had happened until then. Whether a change turned
   * out to have happened that was not answered.
   */
  settle(state: State): boolean {
    const changed = !isDeepStrictEqual(state, this.latest);
    if (changed && !this.mayBecome(state)) {
      throw this.violation('is not what was answered, nor what may have followed', state);
    }
    this.latest = state;
    this.unanswered.clear();
    return changed;
  }

  /** Whether a change without an answer can have led from the latest state to this one. */
  private mayBecome(state: State): boolean {
    if (this.latest === GONE) return false;
    if (state !== GONE && state.modifiedAt <= this.latest.modifiedAt) return false;
    return [...this.unanswered].some((change) => this.shows(state, change));
  }

  /** Whether the state is the one that the change leads to, the whole of it and nothing else. */
  private shows(state: State, { to }: Change): boolean {
    if (state === GONE || to === GONE) return state === to;
    return isDeepStrictEqual(state.content, { ...to, ...this.issued });
  }

  private violation(problem: string, found: Answer): Violation {
    const unanswered = [...this.unanswered].map(({ to }) =>
      to === GONE ? to : { content: { ...to, ...this.issued } },
    );
    const [latest, other, ...inFlight] = differences([this.latest, found, ...unanswered]);
    const lines = [`acknowledged: ${latest}`, ...inFlight.map((text) => `in flight: ${text}`), `found: ${other}`];
    return new Violation(`Client ${this.clientId} ${problem}.\n  ${lines.join('\n  ')}`);
  }
}

/** Tells states from each other by the members that are not the same in all of them. */
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

/** The beginning of a value; the longest take pages. */
function excerpt(value: object): string {
  const text = JSON.stringify(value);
  return text.length > 400 ? `${text.slice(0, 400)}... (${text.length} characters)` : text;
}
