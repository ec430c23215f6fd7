import type { ClientMetadata } from '@clientele/model/metadata';
import { ExpectedClient, GONE, REFUSED, Violation, type Answer, type Change, type State } from './expected-client.ts';

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

/** A client that was registered, and to which these changes were sent without an answer. */
function registered(...changes: Change['to'][]): ExpectedClient {
  const client = new ExpectedClient(FIRST, state(FIRST, 1));
  for (const to of changes) client.sends({ to });
  return client;
}

function answered(client: ExpectedClient, to: Change['to'], answer: Answer): ExpectedClient {
  const change = { to };
  client.sends(change);
  client.answers(change, answer);
  return client;
}

describe('after a crash', () => {
  it.each<[string, () => ExpectedClient, State, boolean]>([
    ['the registration that was answered', () => registered(), state(FIRST, 1), false],
    ['the update that was answered', () => answered(registered(), SECOND, state(SECOND, 2)), state(SECOND, 2), false],
    ['the update that was in flight', () => registered(SECOND, THIRD), state(SECOND, 2), true],
    ['the state before the update that was in flight', () => registered(SECOND), state(FIRST, 1), false],
    ['the end that was answered', () => answered(registered(SECOND), GONE, GONE), GONE, false],
    ['the end that was in flight', () => registered(GONE), GONE, true],
    [
      'of two overlapping updates the later one, though it was answered first',
      () => answered(answered(registered(), THIRD, state(THIRD, 3)), SECOND, state(SECOND, 2)),
      state(THIRD, 3),
      false,
    ],
  ])('may be found: %s', (_, client, found, unanswered) => {
    expect(client().settle(found)).toBe(unanswered);
  });

  it.each<[string, () => ExpectedClient, State]>([
    ['nothing', () => registered(SECOND), GONE],
    ['what was replaced', () => answered(registered(), SECOND, state(SECOND, 2)), state(FIRST, 1)],
    ['what was deleted', () => answered(registered(), GONE, GONE), state(FIRST, 1)],
    ['what was said to be gone', () => answered(registered(GONE), SECOND, REFUSED), state(FIRST, 1)],
    ['what was never asked for', () => registered(SECOND), state(THIRD, 2)],
    ['half of an update', () => registered(THIRD), state({ client_name: 'third' }, 2)],
    ['the members of one update with those of another', () => registered(THIRD), state({ ...THIRD, scope: 'a' }, 2)],
    ['an update under the time of the state before', () => registered(SECOND), state(SECOND, 1)],
    ['the state that was answered at another time', () => registered(), state(FIRST, 2)],
    ['an update that an earlier crash decided against', () => settled(registered(SECOND)), state(SECOND, 2)],
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
  it.each<[string, Change['to'], Answer]>([
    ['an update with another state', SECOND, state(THIRD, 2)],
    ['an update as if it were a deletion', SECOND, GONE],
    ['a deletion as if it were an update', GONE, state(FIRST, 1)],
    ['an update as if the client were not there', SECOND, REFUSED],
    ['a deletion as if the client were not there', GONE, REFUSED],
  ])('must not be answered: %s', (_, to, answer) => {
    expect(() => answered(registered(), to, answer)).toThrow(Violation);
  });

  it('a registration must be answered with what was asked for', () => {
    expect(() => new ExpectedClient(FIRST, state(SECOND, 1))).toThrow(Violation);
    expect(() => new ExpectedClient(FIRST, REFUSED)).toThrow(Violation);
  });

  it('a change may be refused while a deletion is in flight, and of two deletions one', () => {
    expect(answered(registered(GONE), SECOND, REFUSED).isGone).toBe(true);
    expect(answered(registered(GONE), GONE, REFUSED).isGone).toBe(true);
  });

  it('a client that is gone stays so when an update that came before is answered late', () => {
    const client = answered(registered(), GONE, GONE);
    expect(answered(client, SECOND, state(SECOND, 2)).isGone).toBe(true);
  });
});
