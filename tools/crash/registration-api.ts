import { Agent, request, type RequestOptions } from 'node:http';
import {
  RESULTS,
  type ClientInformation,
  type ClientMetadata,
  type RegistrationResponse,
} from '@clientele/model/metadata';
import { GONE, REFUSED, type Result, type ExpectedClient } from './expected-client.ts';

/** The service and the API access token of the caller. */
export interface Caller {
  readonly serviceId: number;
  readonly accessToken: string;
}

/** The store was down; nothing was changed (A001102). */
export const UNAVAILABLE = 'unavailable';

/** There was no response, or the response says that the outcome is unknown (A001103). */
export const UNKNOWN = 'unknown';

export type Outcome = Result | typeof UNAVAILABLE | typeof UNKNOWN;

/** Milliseconds without data after which a request is given up. */
const RESPONSE_LIMIT = 20_000;

/**
 * The four registration calls. Each returns `UNKNOWN` if the connection ended before the complete response, and throws if a
 * valid request cannot have this response.
 */
export class RegistrationApi {
  private readonly url: string;
  private readonly options: RequestOptions;

  constructor(baseUrl: string, { serviceId, accessToken }: Caller) {
    this.url = `${baseUrl}/api/${serviceId}/client/registration`;
    this.options = {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      agent: new Agent({ keepAlive: true }),
    };
  }

  register(metadata: ClientMetadata): Promise<Outcome> {
    return this.call('', { json: JSON.stringify(metadata) });
  }

  get(client: ExpectedClient): Promise<Outcome> {
    return this.call('/get', reference(client));
  }

  update(client: ExpectedClient, metadata: ClientMetadata): Promise<Outcome> {
    const json = JSON.stringify({ client_id: client.clientId, ...metadata });
    return this.call('/update', { ...reference(client), json });
  }

  delete(client: ExpectedClient): Promise<Outcome> {
    return this.call('/delete', reference(client));
  }

  private async call(path: string, body: object): Promise<Outcome> {
    const received = await this.post(path, JSON.stringify(body)).catch(() => undefined);
    if (received === undefined) return UNKNOWN;
    const { status, text } = received;
    const result = status === 200 ? read(JSON.parse(text) as RegistrationResponse) : readUnavailable(received);
    if (result === undefined) throw new Error(`Unexpected response to POST ${this.url}${path}: HTTP ${status} ${text}`);
    return result;
  }

  /** Rejects unless the complete response arrives. Costs half as much as `fetch`, which leaves more time to the server. */
  private post(path: string, body: string): Promise<Received> {
    return new Promise((resolve, reject) => {
      const sent = request(this.url + path, { ...this.options, timeout: RESPONSE_LIMIT }, (received) => {
        let text = '';
        received.setEncoding('utf8').on('data', (part: string) => (text += part));
        received.on('error', reject);
        received.on('end', () => {
          resolve({ status: received.statusCode!, retryAfter: received.headers['retry-after'], text });
        });
      });
      sent.on('timeout', () => sent.destroy());
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

interface Received {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

function reference({ clientId, registrationAccessToken: token }: ExpectedClient): object {
  return { clientId, token };
}

function read(response: RegistrationResponse): Result | undefined {
  switch (response.action) {
    case 'CREATED':
    case 'OK':
    case 'UPDATED': {
      const content = JSON.parse(response.responseContent) as ClientInformation;
      return { content, modifiedAt: response.client.modifiedAt };
    }
    case 'DELETED':
      return GONE;
    case 'UNAUTHORIZED':
      return REFUSED;
    default:
      return undefined;
  }
}

/** Reads a response that the store was down: an error of the server, with `Retry-After` if nothing was changed. */
function readUnavailable({ status, retryAfter, text }: Received): typeof UNAVAILABLE | typeof UNKNOWN | undefined {
  if (status !== 503) return undefined;
  const response = JSON.parse(text) as RegistrationResponse;
  if (response.action !== 'INTERNAL_SERVER_ERROR') return undefined;
  const content = JSON.parse(response.responseContent) as { error?: string };
  if (content.error !== 'server_error') return undefined;
  switch (response.resultCode) {
    case RESULTS.storeUnavailable.code:
      return retryAfter === undefined ? undefined : UNAVAILABLE;
    case RESULTS.outcomeUnknown.code:
      return retryAfter === undefined ? UNKNOWN : undefined;
    default:
      return undefined;
  }
}
