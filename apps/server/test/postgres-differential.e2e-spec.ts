import fc from 'fast-check';
import { clientMetadata, nearlyMetadata } from './support/arbitraries.ts';
import { startServer, type Answer, type Operation, type TestServer } from './support/server.ts';

/** How many sequences are tried; `FC_RUNS` asks for more. */
const RUNS = Number(process.env.FC_RUNS ?? 25);

/** Clients that a sequence is about; those that are not there yet, or any more, are asked for too. */
const PLACES = 3;

interface Step {
  readonly operation: Operation;
  /** Which of the clients, where it is about one. */
  readonly place: number;
  readonly json: string;
  /** Whether the token is that of the client. */
  readonly honest: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  operation: fc.constantFrom<Operation>('register', 'register', 'get', 'update', 'update', 'delete'),
  place: fc.nat({ max: PLACES - 1 }),
  json: fc.oneof(
    { weight: 4, arbitrary: clientMetadata.map((metadata) => JSON.stringify(metadata)) },
    { weight: 2, arbitrary: fc.constantFrom('a', 'b').map((id) => `{"software_id":"${id}"}`) },
    { weight: 1, arbitrary: nearlyMetadata },
  ),
  honest: fc.boolean().map((dishonest) => !dishonest),
});

/** A client as one of the servers knows it. */
interface Known {
  readonly clientId: number;
  readonly token: string;
}

describe('PostgreSQL and SQLite', () => {
  let servers: readonly [TestServer, TestServer];

  beforeAll(async () => {
    const BASE_URL = 'https://clients.example.com';
    const sqlite = await startServer({ DATABASE_URL: 'sqlite::memory:', BASE_URL });
    servers = [sqlite, await startServer({ BASE_URL })];
    for (const server of servers) await server.configure({ dcrDuplicateSoftwareIdBlocked: true });
  });

  afterAll(async () => {
    for (const server of servers) await server.close();
  });

  /** Carries out the steps on one server; every answer but what is new in each run: IDs, tokens, secrets and times. */
  const answersOf = async (server: TestServer, steps: readonly Step[]): Promise<unknown[]> => {
    const known: (Known | undefined)[] = Array.from({ length: PLACES });
    const answers: unknown[] = [];
    for (const { operation, place, json, honest } of steps) {
      const client = known[place] ?? { clientId: 1, token: 'none' };
      const token = honest ? client.token : `${client.token}x`;
      const withId = json.replace(/^\{(?=.)/, `{"client_id":"${client.clientId}"${json === '{}' ? '' : ','}`);
      const answer = await server.call(operation, {
        clientId: client.clientId,
        token,
        json: operation === 'update' ? withId : json,
      });
      if (answer.body.action === 'CREATED') {
        if (known[place] !== undefined) await server.call('delete', known[place]);
        known[place] = { clientId: answer.client.clientId, token: answer.content.registration_access_token };
      }
      answers.push(
        normalized(
          answer,
          new Map([
            [String(client.clientId), 'asked for'],
            [client.token, 'token'],
          ]),
        ),
      );
    }
    for (const client of known) if (client !== undefined) await server.call('delete', client);
    return answers;
  };

  it(
    'give the same answers to the same calls',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
          const [sqlite, postgresql] = await Promise.all(servers.map((server) => answersOf(server, steps)));

          expect(postgresql).toEqual(sqlite);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
      expect(await servers[1].storedClients()).toEqual([]);
      expect(await servers[0].storedClients()).toEqual([]);
    },
    60_000 + RUNS * 2_000,
  );
});

/** Members that are different in every run. */
const NEW_EACH_TIME: ReadonlySet<string> = new Set([
  'clientId',
  'clientSecret',
  'client_id',
  'client_secret',
  'client_id_issued_at',
  'createdAt',
  'modifiedAt',
  'registration_access_token',
  'registration_client_uri',
  'resultMessage',
]);

function normalized({ status, body, content, client }: Answer, known: ReadonlyMap<string, string>): unknown {
  const masked = (members: object): object =>
    Object.fromEntries(
      Object.entries(members).map(([name, value]) => [name, NEW_EACH_TIME.has(name) ? typeof value : value]),
    );
  let { resultMessage } = body;
  for (const [text, name] of known) resultMessage = resultMessage.replaceAll(text, name);
  const message = body.action === 'CREATED' ? 'created' : resultMessage;
  return {
    status,
    action: body.action,
    resultCode: body.resultCode,
    message,
    content: masked(content),
    client: masked(client),
  };
}
