import { GONE, REFUSED, Violation, type ExpectedClient } from './expected-client.ts';
import { UNAVAILABLE, UNKNOWN, type RegistrationApi } from './registration-api.ts';

const CALLERS = 32;

/** Violations that are described one by one; a store that was lost as a whole has as many as there are clients. */
const DESCRIBED = 10;

/**
 * Reads each of the clients and compares it with what was answered. How many of them had been changed by a request that
 * was left without an answer. Throws a `Violation` that describes all that was found wrong.
 */
export async function verify(api: RegistrationApi, clients: readonly ExpectedClient[]): Promise<number> {
  const violations: Violation[] = [];
  const remaining = clients.values();
  let changed = 0;
  const caller = async () => {
    for (const client of remaining) {
      const answer = await api.get(client);
      if (answer === UNKNOWN || answer === UNAVAILABLE) {
        throw new Error(`No answer to a request for client ${client.clientId}.`);
      }
      try {
        if (client.settle(answer === REFUSED ? GONE : answer)) changed += 1;
      } catch (error) {
        if (!(error instanceof Violation)) throw error;
        violations.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  if (violations.length === 0) return changed;

  const described = violations.slice(0, DESCRIBED).map(({ message }) => message);
  throw new Violation(`${violations.length} of ${clients.length} clients are wrong.\n${described.join('\n')}`);
}
