import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';

interface HonestCalls {
  /** Milliseconds from when each call was due to its response. */
  readonly latencies: number[];
  /** The number of failures, by their messages. */
  readonly failures: Map<string, number>;
}

interface Received {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

/** Milliseconds after which a call is given up. */
const RESPONSE_LIMIT = 10_000;

/** Calls the server at a fixed rate, as an authorization server and its clients do, until the signal. */
export class HonestCallers {
  readonly calls: HonestCalls = { latencies: [], failures: new Map() };
  private readonly agent: Agent;
  private readonly clients: Readonly<Record<string, string>>[] = [];

  constructor(
    private readonly target: { readonly host: string; readonly port: number; readonly localAddress: string },
    private readonly serviceId: string,
    private readonly accessToken: string,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 64 });
  }

  async run(perSecond: number, signal: AbortSignal): Promise<void> {
    const running: Promise<void>[] = [];
    const start = performance.now();
    for (let number = 0; !signal.aborted; number++) {
      const due = start + (1_000 * number) / perSecond;
      await setTimeout(Math.max(0, due - performance.now()));
      running.push(this.callOnce(number, due));
    }
    await Promise.all(running);
    this.agent.destroy();
  }

  private async callOnce(number: number, due: number): Promise<void> {
    const what = number % 10 === 0 || this.clients.length === 0 ? 'register' : OPERATIONS[number % OPERATIONS.length]!;
    try {
      await this.perform(what, number);
      this.calls.latencies.push(performance.now() - due);
    } catch (error) {
      const failure = `${what}: ${(error as Error).message}`;
      this.calls.failures.set(failure, (this.calls.failures.get(failure) ?? 0) + 1);
    }
  }

  private async perform(what: string, number: number): Promise<void> {
    const client = this.clients[number % Math.max(1, this.clients.length)];
    const api = (path: string, body: object) =>
      this.send('POST', `/api/${this.serviceId}/${path}`, this.accessToken, body);
    const { client_id = '', registration_access_token: token = '' } = client ?? {};
    const own = `/connect/${this.serviceId}/register/${client_id}`;
    switch (what) {
      case 'register': {
        const json = JSON.stringify({
          redirect_uris: ['https://app.example.org/callback'],
          client_name: `App ${number}`,
        });
        const { body } = await api('client/registration', { json });
        this.clients.push(JSON.parse(body.responseContent ?? '') as Record<string, string>);
        return;
      }
      case 'resolve':
        await api('client/resolve', { clientId: client_id });
        return;
      case 'update': {
        const json = JSON.stringify({ client_id, redirect_uris: [`https://app.example.org/callback?${number}`] });
        await api('client/registration/update', { clientId: Number(client_id), token, json });
        return;
      }
      case 'read':
        await this.send('GET', own, token);
        return;
      default:
        await this.send('GET', '/health/ready', '');
    }
  }

  /** Throws if the connection fails, or the status is not 2xx. */
  private send(method: string, path: string, token: string, body?: object): Promise<Received> {
    return new Promise((resolve, reject) => {
      const headers = {
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      };
      const sent = request(
        { ...this.target, method, path, headers, agent: this.agent, timeout: RESPONSE_LIMIT },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('error', reject);
          response.on('end', () => {
            const status = response.statusCode ?? 0;
            if (status < 200 || status > 299) reject(new Error(`HTTP ${status} ${text.slice(0, 200)}`));
            else resolve({ status, body: path.startsWith('/api/') ? (JSON.parse(text) as Received['body']) : {} });
          });
        },
      );
      sent.on('timeout', () => sent.destroy(new Error('There was no response.')));
      sent.on('error', reject);
      sent.end(body && JSON.stringify(body));
    });
  }
}

/** Reads by the client itself are rare, because the protocol plane limits the requests of an address. */
const OPERATIONS = [...Array<string[]>(4).fill(['resolve', 'update', 'ready']).flat(), 'read'];
