import { setTimeout } from 'node:timers/promises';
import { table } from '../docs/markdown.ts';
import { type Calls, registerClients } from './calls.ts';
import type { Connection } from './connection.ts';
import { clientele, onSqlite } from './contenders.ts';
import { DOCUMENTS } from './documents.ts';
import { callUnderLoad, percentile, type Load } from './load.ts';
import { medianAndMinimum } from './page.ts';

/** As those of a proxy. A request that finds all of them waiting for a response is not sent, and counted. */
const CONNECTIONS = 1_024;

const HEADINGS = ['cpu per arrival, us', 'arrived/s', 'answered/s', 'refused/s', 'not sent/s', 'p50, ms', 'p99, ms'];

export async function overload(load: Load): Promise<string> {
  const { update } = await registerClients(await clientele(onSqlite()), DOCUMENTS.jwks, 2 * CONNECTIONS);
  await callUnderLoad(update, load);
  const connections = await update.open(CONNECTIONS);
  const measured = [0.5, 1, 2, 4].map((times) => ({ times, results: [] as number[][] }));
  for (let round = 0; round < load.rounds; round++) {
    const { rate } = await callUnderLoad(update, load);
    for (const { times, results } of measured) {
      results.push(await sendAtRate(update, connections, times * rate, load.seconds));
    }
  }
  const rows = measured.map(({ times, results }) => [
    String(times),
    ...HEADINGS.map((_, column) => medianAndMinimum(results.map((result) => result[column]!))),
  ]);
  return `Updates on SQLite arrive at a fixed rate over ${CONNECTIONS} connections, whether or not the server responds (an open loop). The
capacity is what the server answers in the same round over ${load.connections} connections in a closed loop. Refused is a response 503 with
\`Retry-After\`. The latencies are those of answered requests, from when they were due.

${table(['times capacity', ...HEADINGS], rows)}`;
}

/** The values of one row, in the order of the headings. */
async function sendAtRate(calls: Calls, connections: readonly Connection[], rate: number, seconds: number) {
  const free = [...connections];
  const latencies: number[] = [];
  const sent: Promise<unknown>[] = [];
  let refused = 0;
  const send = async (connection: Connection, dueAt: number) => {
    const response = await connection.send(calls.next());
    free.push(connection);
    if (response.status === 503 && /\r\nretry-after: /i.test(response.head)) {
      refused += 1;
    } else {
      calls.check(response);
      latencies.push(performance.now() - dueAt);
    }
  };
  const before = await calls.contender.server.usage();
  const start = performance.now();
  const secondsSoFar = () => (performance.now() - start) / 1000;
  let arrived = 0;
  while (secondsSoFar() < seconds) {
    for (; arrived < secondsSoFar() * rate; arrived++) {
      const connection = free.pop();
      if (connection !== undefined) sent.push(send(connection, start + (1000 * arrived) / rate));
    }
    await setTimeout(1);
  }
  await Promise.all(sent);
  const perSecond = [arrived, latencies.length, refused, arrived - sent.length].map((count) => count / secondsSoFar());
  const after = await calls.contender.server.usage();
  return [(after.cpu - before.cpu) / arrived, ...perSecond, percentile(latencies, 0.5), percentile(latencies, 0.99)];
}
