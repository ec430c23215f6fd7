import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { RegistrationResponse } from '@clientele/model/metadata';
import { ACCESS_TOKEN, FIRST_START, getAnswer, register, SERVICE_ID, type KnownClient } from './support/clients.ts';
import { ServerProcess } from './support/server-process.ts';
import { openConnection, readToEnd } from './support/sockets.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** Number of callers; each has its own persistent connection. */
const CALLERS = 32;

/** The exit code and signal of a server that stops in time. After `STOP_LIMIT`, the server exits with code 1. */
const IN_TIME = { code: 0, signal: null };

describe('a server that receives a stop signal', () => {
  const folder = temporaryFolder();
  const started: ServerProcess[] = [];

  const start = (settings: Record<string, string> = {}): ServerProcess => {
    const server = new ServerProcess({ DATA_DIR: join(folder.path, 'data'), ...FIRST_START, ...settings });
    started.push(server);
    return server;
  };

  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop('SIGKILL')));
  });

  it.each(['0', '1000'])(
    'completes all requests under load, and exits with code 0 in time (SHUTDOWN_DELAY=%s)',
    async (SHUTDOWN_DELAY) => {
      const server = start({ SHUTDOWN_DELAY });
      const baseUrl = await server.listening();
      const clients = await Promise.all(Array.from({ length: CALLERS }, () => register(baseUrl)));
      const callers = clients.map((client) => new Caller(baseUrl, client));
      const loads = callers.map((caller) => caller.updateUntilRefused());
      await until(() => callers.every(({ acknowledged }) => acknowledged >= 3));

      expect(await server.stop()).toEqual(IN_TIME);
      expect(await Promise.all(loads)).toEqual(clients.map(() => 'refused'));

      const restarted = await start().listening();
      for (const { client, acknowledged } of callers) {
        expect(JSON.parse(await getAnswer(restarted, client))).toMatchObject({
          client: { clientName: `update ${acknowledged}` },
        });
      }
    },
  );

  it('reports that it is not ready, and handles requests during SHUTDOWN_DELAY', async () => {
    const server = start({ SHUTDOWN_DELAY: '60000' });
    const baseUrl = await server.listening();
    void server.stop();
    await server.printed(/SIGTERM: the server is stopping/);

    const ready = await fetch(`${baseUrl}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ reasons: { process: 'The server is stopping.' } });
    expect((await fetch(`${baseUrl}/health/live`)).status).toBe(200);
    await expect(register(baseUrl)).resolves.toBeDefined();
  });

  it('reports that it is not ready on MANAGEMENT_PORT until the last request is complete', async () => {
    const server = start({ MANAGEMENT_PORT: '0' });
    const baseUrl = await server.listening();
    const [, managementPort = ''] = await server.printed(/"managementPort":(\d+)/);
    const managementUrl = `http://127.0.0.1:${managementPort}`;
    const slow = await openConnection(baseUrl, `${HEAD}Content-Length: 13\r\n\r\n{"json"`);
    const ended = server.stop();
    await server.printed(/SIGTERM: the server is stopping/);
    await until(() => isClosed(baseUrl));

    expect((await fetch(`${managementUrl}/health/ready`)).status).toBe(503);
    expect((await fetch(`${managementUrl}/health/live`)).status).toBe(200);
    slow.write(':"{}"}');
    const response = await readToEnd(slow);
    expect(response).toMatch(/^HTTP\/1\.1 200 /);
    expect(response).toMatch(/^connection: close\r$/im);
    expect(response).toContain('"resultCode":"A202001"');
    expect(await ended).toEqual(IN_TIME);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('exits at once after a second signal (%s)', async (signal) => {
    const server = start({ SHUTDOWN_DELAY: '60000' });
    await server.listening();
    const ended = server.stop(signal);
    await server.printed(/the server is stopping/);
    await server.stop(signal);

    expect(await ended).toEqual({ code: signal === 'SIGTERM' ? 143 : 130, signal: null });
  });
});

const PATH = `/api/${SERVICE_ID}/client/registration`;
const HEAD =
  `POST ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ACCESS_TOKEN}\r\n` +
  'Content-Type: application/json\r\n';

/** Updates one client repeatedly; each update starts after the response to the previous one. */
class Caller {
  /** Number of acknowledged updates. */
  acknowledged = 0;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(
    private readonly baseUrl: string,
    readonly client: KnownClient,
  ) {}

  /**
   * Returns `refused` if the server refuses a new connection. Throws if a request is interrupted or is not successful.
   */
  async updateUntilRefused(): Promise<'refused'> {
    for (;;) {
      const { clientId, token } = this.client;
      const json = JSON.stringify({ client_id: clientId, client_name: `update ${this.acknowledged + 1}` });
      try {
        const text = await this.send(JSON.stringify({ clientId, token, json }));
        if ((JSON.parse(text) as RegistrationResponse).action !== 'UPDATED') throw new Error(text);
        this.acknowledged += 1;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return 'refused';
        throw error;
      }
    }
  }

  private async send(body: string): Promise<string> {
    const outgoing = request(`${this.baseUrl}${PATH}/update`, {
      method: 'POST',
      agent: this.agent,
      headers: { authorization: `Bearer ${ACCESS_TOKEN}`, 'content-type': 'application/json' },
    });
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [AsyncIterable<Buffer>];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  }
}

/** Whether new connections are refused. */
function isClosed(baseUrl: string): Promise<boolean> {
  return openConnection(baseUrl).then(
    (socket) => {
      socket.destroy();
      return false;
    },
    () => true,
  );
}

/** Polls until the condition is true; otherwise the test fails at its time limit. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await setTimeout(10);
}
