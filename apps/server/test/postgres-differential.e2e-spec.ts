import fc from 'fast-check';
import { clientMetadata, nearlyMetadata } from './support/arbitraries.ts';
import { startServer, type Answer, type Operation, type TestServer } from './support/server.ts';

/** The number of sequences; `FC_RUNS` can set another number. */
const RUNS = Number(process.env.FC_RUNS ?? 25);

/** The number of clients of a sequence. Steps also name clients that are not registered yet or were deleted. */
const CLIENTS = 3;

interface Step {
  readonly operation: Operation;
  /** The index of the client. */
  readonly index: number;
  readonly json: string;
  /** Whether the step sends the token of the client. */
  readonly sendsOwnToken: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  operation: fc.constantFrom<Operation>('register', 'register', 'get', 'update', 'update', 'delete'),
  index: fc.nat({ max: CLIENTS - 1 }),
  json: fc.oneof(
    { weight: 4, arbitrary: clientMetadata.map((metadata) => JSON.stringify(metadata)) },
    { weight: 2, arbitrary: fc.constantFrom('a', 'b').map((id) => `{"software_id":"${id}"}`) },
    { weight: 1, arbitrary: nearlyMetadata },
  ),
  sendsOwnToken: fc.boolean().map((isWrong) => !isWrong),
});

/** A client on one of the servers. */
interface KnownClient {
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

  /** Runs the steps on one server. Returns the responses without IDs, tokens, secrets and times, which differ in each run. */
  const responsesOf = async (server: TestServer, steps: readonly Step[]): Promise<unknown[]> => {
    const known: (KnownClient | undefined)[] = Array.from({ length: CLIENTS });
    const responses: unknown[] = [];
    for (const { operation, index, json, sendsOwnToken } of steps) {
      const client = known[index] ?? { clientId: 1, token: 'none' };
      const token = sendsOwnToken ? client.token : `${client.token}x`;
      const withId = json.replace(/^\{(?=.)/, `{"client_id":"${client.clientId}"${json === '{}' ? '' : ','}`);
      const response = await server.call(operation, {
        clientId: client.clientId,
        token,
        json: operation === 'update' ? withId : json,
      });
      if (response.body.action === 'CREATED') {
        if (known[index] !== undefined) await server.call('delete', known[index]);
        known[index] = { clientId: response.client.clientId, token: response.content.registration_access_token };
      }
      responses.push(
        normalized(
          response,
          new Map([
            [String(client.clientId), 'client ID'],
            [client.token, 'token'],
          ]),
        ),
      );
    }
    for (const client of known) if (client !== undefined) await server.call('delete', client);
    return responses;
  };

  it(
    'return the same responses to the same calls',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
          const [sqlite, postgresql] = await Promise.all(servers.map((server) => responsesOf(server, steps)));

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

/** Members that differ in every run. */
const CHANGING_MEMBERS: ReadonlySet<string> = new Set([
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
      Object.entries(members).map(([name, value]) => [name, CHANGING_MEMBERS.has(name) ? typeof value : value]),
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
