import autocannon from 'autocannon';
import { ORDINARY_DOCUMENT } from '../documents.ts';
import { ACCESS_TOKEN, SERVICE_ID, type RunningServer } from './server-process.ts';

export interface Load {
  readonly connections: number;
  readonly requests: number;
}

/** What a load was answered. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of processor time that the server took for a request. */
  readonly cpu: number;
}

/** The operations that are measured: the path of each, and the action that it is answered with. */
export const OPERATIONS = {
  update: ['/update', 'UPDATED'],
  get: ['/get', 'OK'],
  register: ['', 'CREATED'],
} as const;

export type Operation = keyof typeof OPERATIONS;

/** The bodies that are sent, in turn. */
export type Bodies = Readonly<Record<Operation, readonly string[]>>;

const HEADERS = { authorization: `Bearer ${ACCESS_TOKEN}`, 'content-type': 'application/json' };

/** Registers clients with the ordinary document; the bodies of calls for them: updates send the document again. */
export async function registerClients(baseUrl: string, count: number): Promise<Bodies> {
  const metadata = JSON.parse(ORDINARY_DOCUMENT) as object;
  const register = JSON.stringify({ json: ORDINARY_DOCUMENT });
  const update: string[] = [];
  const get: string[] = [];
  for (let client = 0; client < count; client++) {
    const response = await fetch(`${baseUrl}/api/${SERVICE_ID}/client/registration`, {
      method: 'POST',
      headers: HEADERS,
      body: register,
    });
    const { action, responseContent } = (await response.json()) as { action: string; responseContent: string };
    if (action !== 'CREATED') throw new Error(`A client could not be registered: ${responseContent}`);
    const issued = JSON.parse(responseContent) as { client_id: string; registration_access_token: string };
    const call = { clientId: issued.client_id, token: issued.registration_access_token };
    get.push(JSON.stringify(call));
    update.push(JSON.stringify({ ...call, json: JSON.stringify({ client_id: issued.client_id, ...metadata }) }));
  }
  return { update, get, register: [register] };
}

/** Calls the operation, from so many connections. Throws when an answer is anything but what it should be. */
export async function callUnderLoad(
  server: RunningServer,
  operation: Operation,
  { [operation]: bodies }: Bodies,
  { connections, requests }: Load,
): Promise<LoadResult> {
  const [path, action] = OPERATIONS[operation];
  let sent = 0;
  let answeredAt = 0;
  const before = await server.cpu();
  const startedAt = performance.now();
  const result = await autocannon({
    url: `${server.baseUrl}/api/${SERVICE_ID}/client/registration${path}`,
    method: 'POST',
    headers: HEADERS,
    connections,
    amount: requests,
    requests: [{ setupRequest: (request) => ({ ...request, body: bodies[sent++ % bodies.length] ?? '' }) }],
    setupClient: (client) => {
      client.on('response', () => {
        answeredAt = performance.now();
      });
    },
    verifyBody: (body) => String(body).includes(`"action":"${action}"`),
  });
  const cpu = (await server.cpu()) - before;
  if (result.non2xx + result.errors + result.mismatches > 0) {
    throw new Error(`Not every ${operation} was answered: ${JSON.stringify(result)}`);
  }
  return {
    // Autocannon counts whole seconds, of which a turn has one or two.
    requestsPerSecond: (1000 * result.requests.total) / (answeredAt - startedAt),
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpu: cpu / result.requests.total,
  };
}
