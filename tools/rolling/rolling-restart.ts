import { setTimeout } from 'node:timers/promises';
import { freePort } from '../../apps/server/test/support/free-port.ts';
import { ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { ExpectedStore } from '../crash/expected-store.ts';
import { Load, type Acknowledged } from '../crash/load.ts';
import { checkLog } from '../crash/log-check.ts';
import { Random } from '../crash/random.ts';
import { RegistrationApi, type Caller } from '../crash/registration-api.ts';
import { newStore } from '../crash/store-under-test.ts';
import { verify } from '../crash/verify.ts';
import { Applications } from './applications.ts';
import { Nginx } from './nginx.ts';

const CALLER: Caller = { serviceId: 986126671, accessToken: 'an-api-access-token-for-the-rolling-restart' };

/** Client applications that call at the same time as the callers of the API. */
const APPLICATIONS = 8;

/** Milliseconds between the start of one process and the end of the other. */
const PAUSE = 2_000;

export interface RollingRestartOptions {
  /** The program of nginx. */
  readonly nginx: string;
  /** How often each process is restarted. */
  readonly restarts: number;
  readonly seed: number;
  /** The command that starts a server; by default, the built server. */
  readonly command?: readonly [string, ...string[]] | undefined;
  readonly progress?: (restarts: number, requests: number) => void;
}

/** The figures of a run. */
export interface RollingRestartFigures {
  readonly restarts: number;
  /** Changes through the API. */
  readonly acknowledged: Acknowledged;
  /** Requests to the protocol plane. */
  readonly applications: number;
  /** Changes in the log. */
  readonly logged: number;
  /** The log of nginx: each connection that a stopped process refused, and nothing else. */
  readonly refusedConnections: number;
}

/**
 * Restarts two processes in turn behind nginx, under load. Every request must succeed. Afterwards, each change must be once in the
 * store and once in the log.
 */
export async function rollingRestart(options: RollingRestartOptions): Promise<RollingRestartFigures> {
  const store = await newStore('postgresql');
  const port = await freePort();
  const ports = [await freePort(), await freePort()] as const;
  const settings = {
    ...store.settings,
    BASE_URL: `http://127.0.0.1:${port}`,
    TRUSTED_PROXIES: '127.0.0.1',
    RATE_LIMIT_PER_ADDRESS: '0',
    RATE_LIMIT_PER_SERVICE: '0',
    OPEN_REGISTRATIONS_PER_DAY: '0',
    OPEN_UPDATES_PER_DAY: '0',
    UPDATES_PER_CLIENT_PER_DAY: '0',
    BOOTSTRAP_SERVICE_ID: String(CALLER.serviceId),
    BOOTSTRAP_ACCESS_TOKEN: CALLER.accessToken,
  };
  const start = async (place: number): Promise<ServerProcess> => {
    const launch = options.command === undefined ? {} : { command: options.command };
    const server = new ServerProcess({ ...settings, PORT: String(ports[place]!) }, launch);
    await server.listening();
    return server;
  };
  const stop = async (server: ServerProcess): Promise<void> => {
    const { code } = await server.stop();
    if (code !== 0) throw new Error(`A server ended with ${code}.\n${server.stdout.slice(-2_000)}`);
  };

  const processes = [await start(0), await start(1)];
  const nginx = new Nginx(options.nginx, port, ports);
  try {
    await nginx.listening();
    const random = new Random(options.seed);
    const expected = new ExpectedStore();
    const load = new Load(expected, random.fork());
    const applications = new Applications(nginx.baseUrl, CALLER.serviceId, load.sent);
    const api = new RegistrationApi(nginx.baseUrl, CALLER);
    let over = false;
    const isOver = () => over;
    const callers = Promise.all([load.run(api, 'server', isOver), applications.run(APPLICATIONS, isOver)]);
    const restarts = async (): Promise<void> => {
      for (let restart = 0; restart < 2 * options.restarts && !over; restart++) {
        await setTimeout(PAUSE);
        const place = restart % 2;
        await stop(processes[place]!);
        processes[place] = await start(place);
        options.progress?.(restart + 1, load.changes + applications.requests);
      }
      await setTimeout(PAUSE);
    };
    try {
      // Until it is over, the callers end only with an error.
      await Promise.race([callers, restarts()]);
    } finally {
      over = true;
      await callers;
    }
    await verify(api, expected.clients);
    for (const server of processes) await stop(server);
    const { sealed, pending } = checkLog(await store.contents(), load.sent);
    return {
      restarts: 2 * options.restarts,
      acknowledged: load.acknowledged,
      applications: applications.requests,
      logged: sealed + pending,
      refusedConnections: nginx.log.split('connect() failed (111').length - 1,
    };
  } catch (error) {
    throw new Error(`${(error as Error).message}\nnginx:\n${nginx.log.slice(-4_000)}`, { cause: error });
  } finally {
    for (const server of processes) await server.stop('SIGKILL');
    await nginx.stop();
    await store.remove();
  }
}
