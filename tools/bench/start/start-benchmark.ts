import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ServerProcess } from '../../crash/server-process.ts';
import { RegistrationApi, UNKNOWN, UNAVAILABLE } from '../../crash/registration-api.ts';
import { table } from '../../docs/markdown.ts';
import { describeMachine, formatSpread, thisMachine, type Machine } from '../report.ts';
import { spread, type Spread } from '../rounds.ts';
import { runProcess, SERVICE_ID } from '../http/server-process.ts';
import { inTemporaryFolder } from '../http/temporary-folder.ts';

/** Callers of the server before it is killed. */
const CALLERS = 32;

interface Effort {
  /** How many clients the stores hold. */
  readonly sizes: readonly number[];
  readonly rounds: number;
  /** Clients that are registered before each kill: the log that the next start finds holds them. */
  readonly registrations: number;
}

interface StartResult {
  readonly clients: number;
  /** Milliseconds from the start of the process until it is ready. */
  readonly ready: Spread;
}

export interface StartReport {
  readonly machine: Machine;
  readonly rounds: number;
  readonly registrations: number;
  readonly results: readonly StartResult[];
}

/** Starts, registers, kills and starts again; the stores take turns, so that what else the machine does falls on all alike. */
export async function runStartBenchmark({ sizes, rounds, registrations }: Effort): Promise<StartReport> {
  const accessToken = randomBytes(32).toString('base64url');
  const results = await inTemporaryFolder(async (folder) => {
    const stores = sizes.map((clients) => ({
      clients,
      times: [] as number[],
      settings: {
        DATABASE_URL: `sqlite:${join(folder, `${clients}.db`)}`,
        ENCRYPTION_KEY: randomBytes(32).toString('base64url'),
        BOOTSTRAP_SERVICE_ID: String(SERVICE_ID),
        BOOTSTRAP_ACCESS_TOKEN: accessToken,
      },
    }));
    for (const { clients, settings } of stores) {
      if (clients > 0) await runProcess(['filled-store.ts', String(clients)], settings);
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const { times, settings } of stores) {
        await killAfter(settings, accessToken, registrations);
        times.push(await timeUntilReady(settings));
      }
    }
    return stores.map(({ clients, times }) => ({ clients, ready: spread(times) }));
  });
  return { machine: thisMachine(), rounds, registrations, results };
}

async function killAfter(
  settings: Readonly<Record<string, string>>,
  accessToken: string,
  registrations: number,
): Promise<void> {
  const server = new ServerProcess(settings);
  const { baseUrl } = await server.listening();
  const api = new RegistrationApi(baseUrl, { serviceId: SERVICE_ID, accessToken });
  let left = registrations;
  const caller = async (): Promise<void> => {
    while (left-- > 0) {
      const outcome = await api.register({ client_name: 'Registered before the kill' });
      if (outcome === UNKNOWN || outcome === UNAVAILABLE)
        throw new Error(`A registration was not answered (${outcome}).`);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  await server.kill();
}

async function timeUntilReady(settings: Readonly<Record<string, string>>): Promise<number> {
  const server = new ServerProcess(settings);
  const { baseUrl, startMs } = await server.listening();
  const asked = performance.now();
  const { status } = await fetch(`${baseUrl}/health/ready`);
  if (status !== 200) throw new Error(`The server listens and is not ready (${status}).`);
  const ms = startMs + performance.now() - asked;
  await server.kill();
  return ms;
}

export function startPage({ machine, rounds, registrations, results }: StartReport): string {
  return `# How long the server takes to start

\`npm run bench:start\` on ${describeMachine(machine)}.

The built server as a process of its own, on the embedded store in a file. Each of ${rounds} rounds starts it, registers ${registrations} clients
from ${CALLERS} callers, ends it with \`kill -9\`, so that the log is found as it was left, and starts it again: timed is the second
start, from the process until \`/health/ready\` is answered 200. Medians, and in brackets the smallest and the greatest.

${table(
  ['clients', 'milliseconds until ready'],
  results.map(({ clients, ready }) => [clients.toLocaleString('en'), formatSpread(ready)]),
)}

Nothing at the start reads the clients: SQLite reads the part of its log that is not in the file yet, which is bounded by its
checkpoints and not by the number of clients. The time goes to loading code. What is not needed is not loaded: the driver of
PostgreSQL on the embedded store, OpenTelemetry without traces, the commands in the server. On Node.js 22 and later,
\`NODE_COMPILE_CACHE=<folder>\` keeps what was compiled from one start to the next; the folder must belong to the server's user
alone, for what is found there is carried out.
`;
}
