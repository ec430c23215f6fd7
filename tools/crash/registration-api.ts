import { Agent, request, type RequestOptions } from 'node:http';
import type { ClientInformation, ClientMetadata, RegistrationResponse } from '@clientele/model/metadata';
import { GONE, REFUSED, type Answer, type ExpectedClient } from './expected-client.ts';

/** Who may call the server, and for which service. */
export interface Caller {
  readonly serviceId: number;
  readonly accessToken: string;
}

/** Milliseconds of silence after which an answer is not waited for any more. */
const ANSWER_LIMIT = 10_000;

/**
 * The four registration calls. Each gives `undefined` when the connection ended before the whole answer had come, and
 * throws when the answer is none that an honest request can get.
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

  register(metadata: ClientMetadata): Promise<Answer | undefined> {
    return this.call('', { json: JSON.stringify(metadata) });
  }

  get(client: ExpectedClient): Promise<Answer | undefined> {
    return this.call('/get', reference(client));
  }

  update(client: ExpectedClient, metadata: ClientMetadata): Promise<Answer | undefined> {
    const json = JSON.stringify({ client_id: client.clientId, ...metadata });
    return this.call('/update', { ...reference(client), json });
  }

  delete(client: ExpectedClient): Promise<Answer | undefined> {
    return this.call('/delete', reference(client));
  }

  private async call(path: string, body: object): Promise<Answer | undefined> {
    const received = await this.post(path, JSON.stringify(body)).catch(() => undefined);
    if (received === undefined) return undefined;
    const { status, text } = received;
    const answer = status === 200 ? read(JSON.parse(text) as RegistrationResponse) : undefined;
    if (answer === undefined) throw new Error(`Unexpected answer to POST ${this.url}${path}: HTTP ${status} ${text}`);
    return answer;
  }

  /** Rejects unless the whole answer comes. Half as dear as `fetch`: the processor is to be the server's. */
  private post(path: string, body: string): Promise<{ readonly status: number; readonly text: string }> {
    return new Promise((resolve, reject) => {
      const sent = request(this.url + path, { ...this.options, timeout: ANSWER_LIMIT }, (received) => {
        let text = '';
        received.setEncoding('utf8').on('data', (part: string) => (text += part));
        received.on('error', reject);
        received.on('end', () => {
          resolve({ status: received.statusCode!, text });
        });
      });
      sent.on('timeout', () => sent.destroy());
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

function reference({ clientId, registrationAccessToken: token }: ExpectedClient): object {
  return { clientId, token };
}

function read(response: RegistrationResponse): Answer | undefined {
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
