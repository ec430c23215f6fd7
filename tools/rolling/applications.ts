import { Agent, request } from 'node:http';
import type { ClientInformation, ClientMetadata } from '@clientele/model/metadata';
import { GONE } from '../crash/expected-client.ts';
import { nameOf, type SentChanges } from '../crash/sent-changes.ts';

/** Updates of a client before the next one is registered. */
const UPDATES = 4;

/** Milliseconds without data after which a request is given up. */
const RESPONSE_LIMIT = 20_000;

interface Received {
  readonly status: number;
  readonly text: string;
}

/**
 * Client applications that register, update, read and delete themselves at the protocol plane, and read the metadata of the server.
 * Every response must be the expected one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2
 */
export class Applications {
  requests = 0;
  private readonly agent = new Agent({ keepAlive: true });
  private markers = 0;

  constructor(
    private readonly baseUrl: string,
    private readonly serviceId: number,
    private readonly sent: SentChanges,
  ) {}

  async run(callers: number, isOver: () => boolean): Promise<void> {
    await Promise.all(Array.from({ length: callers }, () => this.callUntil(isOver)));
    this.agent.destroy();
  }

  private async callUntil(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const path = `/connect/${this.serviceId}/register`;
      const registered = await this.change('client.created', (metadata) => this.call('POST', path, 201, metadata));
      const { client_id: id, registration_access_token: token } = registered;
      const place = `${path}/${id}`;
      for (let update = 0; update < UPDATES; update++) {
        const { client_name: name } = await this.change('client.updated', (metadata) =>
          this.call('PUT', place, 200, { ...metadata, client_id: id }, token),
        );
        const read = parse(await this.call('GET', place, 200, undefined, token));
        if (read.client_name !== name) throw new Error(`GET ${place} returned ${read.client_name}, not ${name}.`);
        await this.call('GET', `/.well-known/openid-configuration/connect/${this.serviceId}`, 200);
      }
      await this.call('DELETE', place, 204, undefined, token);
      this.sent.notes(nameOf('client.deleted', id!), GONE);
    }
  }

  private async change(
    action: string,
    send: (metadata: ClientMetadata) => Promise<string>,
  ): Promise<Partial<ClientInformation>> {
    this.markers += 1;
    const name = `application-${this.markers}`;
    const response = parse(await send({ client_name: name, redirect_uris: ['https://client.example.com/callback'] }));
    if (response.client_name !== name)
      throw new Error(`The response has the name ${response.client_name}, not ${name}.`);
    this.sent.notes(nameOf(action, name), GONE);
    return response;
  }

  /** Returns the body of the response. Throws if the status is not the expected one. */
  private async call(method: string, path: string, expected: number, body?: object, token?: string): Promise<string> {
    const { status, text } = await this.send(method, path, body, token);
    this.requests += 1;
    if (status !== expected) throw new Error(`${method} ${path} returned HTTP ${status}: ${text}`);
    return text;
  }

  private send(method: string, path: string, body?: object, token?: string): Promise<Received> {
    const headers = {
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    return new Promise((resolve, reject) => {
      const failed = (cause: Error): void => {
        reject(new Error(`${method} ${path} had no response: ${cause.message}`, { cause }));
      };
      const options = { method, headers, agent: this.agent, timeout: RESPONSE_LIMIT };
      const sent = request(this.baseUrl + path, options, (received) => {
        let text = '';
        received.setEncoding('utf8').on('data', (part: string) => (text += part));
        received.on('error', failed);
        received.on('end', () => {
          resolve({ status: received.statusCode!, text });
        });
      });
      sent.on('timeout', () => sent.destroy());
      sent.on('error', failed);
      sent.end(body && JSON.stringify(body));
    });
  }
}

function parse(text: string): Partial<ClientInformation> {
  return JSON.parse(text) as Partial<ClientInformation>;
}
