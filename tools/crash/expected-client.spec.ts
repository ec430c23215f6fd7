import type { ClientMetadata } from '@clientele/model/metadata';
import { ExpectedClient, GONE, REFUSED, Violation, type Result, type Change, type State } from './expected-client.ts';

const ISSUED = {
  client_id: '1',
  client_id_issued_at: 0,
  registration_access_token: 'token',
  registration_client_uri: 'https://clients.example.com/1',
};

function state(metadata: ClientMetadata, modifiedAt: number): State {
  return { content: { ...metadata, ...ISSUED }, modifiedAt };
}

const FIRST = { client_name: 'first', scope: 'a' };
const SECOND = { client_name: 'second' };
const THIRD = { client_name: 'third', scope: 'b' };

/** A client that was registered, and to which these changes were sent without a response. */
function registered(...changes: Change['to'][]): ExpectedClient {
  const client = new ExpectedClient(FIRST, state(FIRST, 1));
  for (const to of changes) client.sends({ to });
  return client;
}

function changed(client: ExpectedClient, to: Change['to'], result: Result): ExpectedClient {
  const change = { to };
  client.sends(change);
  client.receives(change, result);
  return client;
}

describe('after a crash', () => {
  it.each<[string, () => ExpectedClient, State, boolean]>([
    ['the acknowledged registration', () => registered(), state(FIRST, 1), false],
    ['the acknowledged update', () => changed(registered(), SECOND, state(SECOND, 2)), state(SECOND, 2), false],
    ['the update in flight', () => registered(SECOND, THIRD), state(SECOND, 2), true],
    ['the state before the update in flight', () => registered(SECOND), state(FIRST, 1), false],
    ['the acknowledged deletion', () => changed(registered(SECOND), GONE, GONE), GONE, false],
    ['the deletion in flight', () => registered(GONE), GONE, true],
    [
      'the later of two overlapping updates, although its response came first',
      () => changed(changed(registered(), THIRD, state(THIRD, 3)), SECOND, state(SECOND, 2)),
      state(THIRD, 3),
      false,
    ],
  ])('may be found: %s', (_, client, found, inFlight) => {
    expect(client().settle(found)).toBe(inFlight);
  });

  it.each<[string, () => ExpectedClient, State]>([
    ['a deletion that nobody requested', () => registered(SECOND), GONE],
    ['a state that was replaced', () => changed(registered(), SECOND, state(SECOND, 2)), state(FIRST, 1)],
    ['a deleted client', () => changed(registered(), GONE, GONE), state(FIRST, 1)],
    [
      'a client whose deletion is known from a refusal',
      () => changed(registered(GONE), SECOND, REFUSED),
      state(FIRST, 1),
    ],
    ['an update that nobody requested', () => registered(SECOND), state(THIRD, 2)],
    ['a part of an update', () => registered(THIRD), state({ client_name: 'third' }, 2)],
    ['a mixture of two updates', () => registered(THIRD), state({ ...THIRD, scope: 'a' }, 2)],
    ['an update with the time of the previous state', () => registered(SECOND), state(SECOND, 1)],
    ['the acknowledged state with another time', () => registered(), state(FIRST, 2)],
    ['an update that was not carried out before an earlier crash', () => settled(registered(SECOND)), state(SECOND, 2)],
  ])('must not be found: %s', (_, client, found) => {
    const expected = client();
    expect(() => expected.settle(found)).toThrow(Violation);
  });

  function settled(client: ExpectedClient): ExpectedClient {
    client.settle(state(FIRST, 1));
    return client;
  }
});

describe('under load', () => {
  it.each<[string, Change['to'], Result]>([
    ['another state for an update', SECOND, state(THIRD, 2)],
    ['a deletion for an update', SECOND, GONE],
    ['a state for a deletion', GONE, state(FIRST, 1)],
    ['a refusal of an update although the client exists', SECOND, REFUSED],
    ['a refusal of a deletion although the client exists', GONE, REFUSED],
  ])('must not have this response: %s', (_, to, result) => {
    expect(() => changed(registered(), to, result)).toThrow(Violation);
  });

  it('the response to a registration has the requested metadata', () => {
    expect(() => new ExpectedClient(FIRST, state(SECOND, 1))).toThrow(Violation);
    expect(() => new ExpectedClient(FIRST, REFUSED)).toThrow(Violation);
  });

  it('a change may be refused while a deletion is in flight, and so may one of two deletions', () => {
    expect(changed(registered(GONE), SECOND, REFUSED).isGone).toBe(true);
    expect(changed(registered(GONE), GONE, REFUSED).isGone).toBe(true);
  });

  it('a deleted client stays deleted if the response to an earlier update comes late', () => {
    const client = changed(registered(), GONE, GONE);
    expect(changed(client, SECOND, state(SECOND, 2)).isGone).toBe(true);
  });
});
