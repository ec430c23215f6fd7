import { GONE, REFUSED, Violation, type ExpectedClient } from './expected-client.ts';
import { UNAVAILABLE, UNKNOWN, type RegistrationApi } from './registration-api.ts';

const CALLERS = 32;

/** Violations that are described; if the store is lost, every client is one. */
const DESCRIBED = 10;

/**
 * Reads the clients and compares them with the expected ones. Returns how many were changed by a request without a response.
 * Throws a `Violation` that describes the wrong clients.
 */
export async function verify(api: RegistrationApi, clients: readonly ExpectedClient[]): Promise<number> {
  const violations: Violation[] = [];
  const remaining = clients.values();
  let changed = 0;
  const caller = async () => {
    for (const client of remaining) {
      const result = await api.get(client);
      if (result === UNKNOWN || result === UNAVAILABLE) {
        throw new Error(`No response to a request for client ${client.clientId}.`);
      }
      try {
        if (client.settle(result === REFUSED ? GONE : result)) changed += 1;
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
