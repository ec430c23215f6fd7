import autocannon from 'autocannon';
import { ORDINARY_DOCUMENT } from '../documents.ts';
import { ACCESS_TOKEN, SERVICE_ID } from './server-process.ts';

export interface Load {
  readonly connections: number;
  /** Seconds. */
  readonly duration: number;
}

/** What a load was answered. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const HEADERS = { authorization: `Bearer ${ACCESS_TOKEN}`, 'content-type': 'application/json' };

/** Registers clients with the ordinary document; the bodies of updates that send it again. */
export async function registerClients(baseUrl: string, count: number): Promise<readonly string[]> {
  const metadata = JSON.parse(ORDINARY_DOCUMENT) as object;
  const bodies: string[] = [];
  for (let client = 0; client < count; client++) {
    const response = await fetch(`${baseUrl}/api/${SERVICE_ID}/client/registration`, {
      method: 'POST',
      headers: HEADERS,
      body: JSON.stringify({ json: ORDINARY_DOCUMENT }),
    });
    const { action, responseContent } = (await response.json()) as { action: string; responseContent: string };
    if (action !== 'CREATED') throw new Error(`A client could not be registered: ${responseContent}`);
    const issued = JSON.parse(responseContent) as { client_id: string; registration_access_token: string };
    bodies.push(
      JSON.stringify({
        clientId: issued.client_id,
        token: issued.registration_access_token,
        json: JSON.stringify({ client_id: issued.client_id, ...metadata }),
      }),
    );
  }
  return bodies;
}

/** Updates the clients in turn, from so many connections. Throws when an answer is anything but UPDATED. */
export async function updateUnderLoad(baseUrl: string, bodies: readonly string[], load: Load): Promise<LoadResult> {
  let sent = 0;
  const result = await autocannon({
    url: `${baseUrl}/api/${SERVICE_ID}/client/registration/update`,
    method: 'POST',
    headers: HEADERS,
    ...load,
    requests: [{ setupRequest: (request) => ({ ...request, body: bodies[sent++ % bodies.length] ?? '' }) }],
    verifyBody: (body) => String(body).includes('"action":"UPDATED"'),
  });
  if (result.non2xx + result.errors + result.mismatches > 0) {
    throw new Error(`Not every update was answered: ${JSON.stringify(result)}`);
  }
  return { requestsPerSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}
